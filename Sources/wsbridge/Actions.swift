internal import CommandLineInterface
internal import Configuration
internal import Glibc
internal import ServerStatus

func warn(_ warnings: [Diagnostic]) {
    for warning in warnings { complain(warning.description) }
}

/// Asks a running server and prints what it does; gives the exit code.
func showStatus(_ request: StatusRequest) -> Int32 {
    do throws(StatusFailure) {
        let report = try StatusQuery.ask(request.address)
        print(request.wantsJSON ? report.json : report.table(now: Double(time(nil))))
        return 0
    } catch {
        complain("wsbridge: \(error)")
        return 1
    }
}

/// Writes a line to standard error, where everything goes that is not the answer to a question.
func complain(_ text: String) {
    var bytes = Array("\(text)\n".utf8)[...]
    while !bytes.isEmpty {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // Nobody is left to tell.
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
    }
}
