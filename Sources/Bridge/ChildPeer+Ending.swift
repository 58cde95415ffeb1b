internal import SystemCalls
internal import Telemetry
internal import WebSocket

// What the end of a child means for its client and for the figures.
extension ChildPeer {
    func closing(for status: ExitStatus) -> (CloseCode, String) {
        // A child that we told to end did not fail.
        if self.hasSignalled { return (.normal, "") }
        switch status {
        case .exited(0):
            return (.normal, "")
        case .exited(let code):
            let mapped = self.command.closeCodeBase.map { CloseCode(rawValue: $0 &+ UInt16(clamping: code)) }
            return (mapped ?? .internalError, status.description)
        case .killed:
            return (.internalError, status.description)
        }
    }

    func outcome(of status: ExitStatus) -> ChildOutcome {
        if self.hasSignalled { return .teardown }
        switch status {
        case .exited(0): return .exitZero
        case .exited: return .exitNonzero
        case .killed: return .signal
        }
    }

    /// Whether a signal of ours may be why it ended.
    var hasSignalled: Bool { self.ladder.hasSignalled(on: self.command.teardown) }
}
