package import Configuration
internal import SystemCalls
internal import TLSEngine

extension Server {
    /// Looks at the files that a plan names, as a start would, and says what is wrong with them on standard error;
    /// gives the exit code. `wsbridge check` does no more than this.
    package static func examine(_ plan: Plan) -> Int32 {
        var exitCode: Int32 = 0
        func look(_ look: () throws(ServerFailure) -> Void) {
            do throws(ServerFailure) {
                try look()
            } catch {
                StandardError.writeLine("error: \(error)")
                exitCode = error.exitCode
            }
        }
        if let tls = plan.transport.tls {
            look { () throws(ServerFailure) in
                for warning in try TLSKeeper(tls).warnings { StandardError.writeLine("warning: \(warning)") }
            }
        }
        for case .upstream(let upstream) in plan.routes.map(\.handler) {
            look { () throws(ServerFailure) in try RouteUpstream.examine(upstream) }
        }
        return exitCode
    }
}
