internal import SystemCalls

/// Where the last program was found: most servers start the same one over and over, and a PATH of ten directories costs
/// as many system calls.
final class ProgramMemory: Sendable {
    private struct Finding {
        let name: String
        let path: String
        let file: String
    }

    private let last = Lock(Finding?.none)

    /// The file to be executed, sought in the PATH of the child unless name and PATH are those of the last one.
    func find(_ request: SpawnRequest) throws(SpawnError) -> String {
        let last = self.last.withLock { $0 }
        if let last, last.name == request.program, request.environment.hasValue(last.path, of: "PATH") {
            return last.file
        }
        let path = request.environment.value(of: "PATH")
        let file = try ProgramSearch.resolve(request.program, in: path)
        if let path { self.last.withLock { $0 = Finding(name: request.program, path: path, file: file) } }
        return file
    }

    /// The file could not be executed: the next one is sought anew.
    func forget() { self.last.withLock { $0 = nil } }
}
