internal import WebSocket

/// One direction of a tunnel: which of the bytes that came go on, and when a Close of ours may.
struct TunnelLane {
    enum State: Equatable {
        case open
        /// A Close of ours is to follow the frame under way.
        case awaitingBoundary
        /// A Close has gone out, theirs or ours: nothing follows it. What still comes is looked at for theirs.
        case closed
        /// In front of a message that is too large: nothing more of it passes, and a Close of ours may.
        case stopped
        /// Where frames begin is not known any more.
        case deaf
    }

    enum Event: Equatable {
        case none
        /// Its sender's Close is among what goes on, or would be.
        case peerClosed
        /// What goes on ends between two frames: our Close goes behind it.
        case closeDue(peerClosed: Bool)
        /// A message is larger than it may be; nothing of the frame goes on.
        case tooLarge
    }

    private(set) var state = State.open
    private var follower = FrameFollower()

    var isAtBoundary: Bool { self.follower.isAtBoundary }
    /// Its sender's Close has gone by: nothing that counts follows it.
    var hasClosed: Bool { self.follower.hasClosed }
    /// The code of its sender's Close.
    var closeCode: CloseCode? { self.follower.closeCode }

    mutating func takeCount() -> FrameFollower.Count { self.follower.takeCount() }

    /// Which bytes of the window go on.
    mutating func take(
        _ window: inout MutableSpan<UInt8>, from start: Int, messageBytesMax: UInt64?
    ) -> (passing: Range<Int>, event: Event) {
        if self.state == .deaf || self.state == .stopped { return (start..<start, .none) }
        let begin = self.follower.begin(&window, at: start)
        let (end, stop) = self.follower.follow(
            window, from: begin, stopsAtBoundary: self.state == .awaitingBoundary,
            messageBytesMax: self.state == .open ? messageBytesMax ?? .max : .max)
        switch self.state {
        case .stopped, .deaf: return (start..<start, .none)
        case .closed: return (begin..<begin, stop == .closed ? .peerClosed : .none)
        case .open, .awaitingBoundary:
            switch stop {
            case .end: return (begin..<end, .none)
            case .closed:
                self.state = .closed
                return (begin..<end, .peerClosed)
            case .boundary:
                self.state = .closed
                // What lies behind goes no further, and their answer may be among it.
                let (_, behind) = self.follower.follow(window, from: end)
                return (begin..<end, .closeDue(peerClosed: behind == .closed))
            case .tooLarge:
                self.state = .stopped
                return (begin..<end, .tooLarge)
            }
        }
    }

    /// A Close of ours is to go out: true if it may at once.
    mutating func close() -> Bool {
        switch self.state {
        case .open, .awaitingBoundary:
            self.state = self.isAtBoundary ? .closed : .awaitingBoundary
            return self.state == .closed
        case .stopped:
            self.state = .deaf
            return true
        case .closed, .deaf: return false
        }
    }
}
