internal import Configuration
internal import Glibc

func warn(_ warnings: [Diagnostic]) {
    for warning in warnings { complain(warning.description) }
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
