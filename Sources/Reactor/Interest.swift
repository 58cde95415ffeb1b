internal import SystemCalls

/// What the epoll set knows of a stream.
enum Interest: Equatable {
    case nothing, input, output, inputAndOutput
    /// Not in the set: a hang-up that nobody may read yet would be reported for ever, and who has nothing to write has
    /// nothing to wait for.
    case withdrawn
    /// The stream is closed and its descriptor gone.
    case closed

    init(input: Bool, output: Bool) {
        switch (input, output) {
        case (false, false): self = .nothing
        case (true, false): self = .input
        case (false, true): self = .output
        case (true, true): self = .inputAndOutput
        }
    }

    /// The events to ask for; EPOLLERR and EPOLLHUP come unasked.
    var readiness: Readiness {
        switch self {
        case .nothing, .withdrawn, .closed: .none
        case .input: .input
        case .output: .output
        case .inputAndOutput: .input | .output
        }
    }
}
