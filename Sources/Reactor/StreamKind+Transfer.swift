internal import IOCore
internal import SystemCalls

// What differs between sockets, pipes and terminals where the kernel is asked.
extension StreamKind {
    /// Whether other descriptors stand for the same open file: closing one of them takes nothing out of an epoll set.
    /// The two directions of a terminal do; of a socket or a pipe there is no copy, in children neither
    /// (process_spawn.c).
    var sharesFile: Bool {
        switch self {
        case .terminalInput, .terminalOutput: true
        case .socket, .input, .output: false
        }
    }

    /// One read into the window, behind its headroom.
    func receive(_ descriptor: CInt, into window: inout MutableSpan<UInt8>) -> Transfer {
        switch self {
        case .socket: ByteTransfer.receive(descriptor, into: &window, from: ReceiveWindow.headroom)
        case .input, .output: ByteTransfer.read(descriptor, into: &window, from: ReceiveWindow.headroom)
        case .terminalInput, .terminalOutput:
            ByteTransfer.readTerminal(descriptor, into: &window, from: ReceiveWindow.headroom)
        }
    }

    func send(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Transfer {
        switch self {
        case .socket: ByteTransfer.send(descriptor, bytes)
        case .input, .output, .terminalInput, .terminalOutput: ByteTransfer.write(descriptor, bytes)
        }
    }

    /// Ends our side of it; true when nothing is left of the descriptor's use.
    func endOutput(_ descriptor: CInt) -> Bool {
        switch self {
        case .socket:
            Socket.finishSending(descriptor)
            return false
        case .terminalOutput:
            ByteTransfer.endTerminalInput(descriptor)
            return true
        case .input, .output, .terminalInput:
            return true
        }
    }
}
