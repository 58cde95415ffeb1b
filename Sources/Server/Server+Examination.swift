package import Configuration
internal import SystemCalls
internal import TLSEngine

extension Server {
    /// Looks at the files that a plan names, as a start would, and says what is wrong with them on standard error;
    /// gives the exit code. `wsbridge check` does no more than this.
    package static func examine(_ plan: Plan) -> Int32 {
        guard let tls = plan.transport.tls else { return 0 }
        do throws(ServerFailure) {
            for warning in try TLSKeeper(tls).warnings { Self.complain("warning: \(warning)") }
            return 0
        } catch {
            Self.complain("error: \(error)")
            return error.exitCode
        }
    }

    private static func complain(_ text: String) { StandardError.write(Array("\(text)\n".utf8)) }
}
