/// One step towards the end of a program, done to its whole process group, and the wait before the next.
package struct TeardownStep: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        case closeStdin
        case terminate
        case kill
    }

    package var action: Action
    package var wait: TimeSpan

    /// 1 s: a filter ends when its input does, at once.
    package static let closeWaitStandard = TimeSpan.seconds(1)
    /// 2 s: time to write a file, not to finish a job.
    package static let terminateWaitStandard = TimeSpan.seconds(2)

    /// The ladder always ends in a kill: nothing outlives its session.
    package static func ladder(closeWait: TimeSpan, terminateWait: TimeSpan) -> [TeardownStep] {
        [
            TeardownStep(action: .closeStdin, wait: closeWait),
            TeardownStep(action: .terminate, wait: terminateWait),
            TeardownStep(action: .kill, wait: .seconds(0)),
        ]
    }
}

extension TeardownStep: CustomStringConvertible {
    package var description: String {
        switch self.action {
        case .closeStdin: "close stdin, wait \(self.wait)"
        case .terminate: "SIGTERM, wait \(self.wait)"
        case .kill: "SIGKILL"
        }
    }
}
