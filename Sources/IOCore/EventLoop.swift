package import Buffers
package import SystemCalls

/// What a worker's turn offers to those who live on it.
package protocol EventLoop: AnyObject {
    /// Monotonic nanoseconds, read once a turn.
    var now: UInt64 { get }
    /// What may wait is kept here.
    var pool: BlockPool { get }
    /// Room to build output in, as large as the receive window and never in use at the same time by two: it is
    /// valid for one call and nothing of it lasts.
    func withScratch(_ body: (inout MutableSpan<UInt8>) -> Void)

    /// Calls the client once at `deadline` or up to one tick later.
    func startTimer(_ client: any TimerClient, at deadline: UInt64) -> TimerID
    func stopTimer(_ timer: TimerID)

    /// A stream over one end of a pipe, or a socket; it takes the descriptor over, from who watched it too.
    func makeStream(_ descriptor: consuming Descriptor, kind: StreamKind) throws(Errno) -> any ByteStream
    /// Begins to connect a socket, and tells the client once, never from inside this call. There is no deadline but
    /// the kernel's, which is minutes: who asks has one of its own.
    func connect(
        to address: SocketAddress, _ options: SocketOptions, _ client: any SocketOpeningClient
    ) -> any SocketOpening
    /// Tells the handler, in each turn, that there is something to read from a descriptor of its own, or its end. For
    /// who is silent most of the time: a stream would be an object more.
    func watch(_ descriptor: borrowing Descriptor, _ handler: ReadinessHandler) throws(Errno)
    /// Forgets a descriptor that is watched, and closes it.
    func endWatch(_ descriptor: consuming Descriptor)
    /// Runs at the end of this turn, when no callback is under way.
    func atEndOfTurn(_ work: @escaping () -> Void)
    /// Runs at the end of the next turn, which begins without waiting: what is ready gets its turn in between.
    func atNextTurn(_ work: @escaping () -> Void)
}

package enum StreamKind: Equatable, Sendable {
    case socket
    /// The end of a pipe that is read.
    case input
    /// The end of a pipe that is written; ending its output closes it.
    case output
    /// The master of a pseudo terminal that is read: it has ended when no program holds the other side.
    case terminalInput
    /// The same that is written: ending its output types the character for the end of file.
    case terminalOutput

    package var isReadOnly: Bool {
        switch self {
        case .input, .terminalInput: true
        case .socket, .output, .terminalOutput: false
        }
    }

    package var isWriteOnly: Bool {
        switch self {
        case .output, .terminalOutput: true
        case .socket, .input, .terminalInput: false
        }
    }
}

/// Names a running timer; its owner forgets it when it fires.
package struct TimerID: Equatable, Sendable {
    package let index: Int32

    package init(index: Int32) { self.index = index }
}

package protocol TimerClient: AnyObject {
    func timerFired()
}
