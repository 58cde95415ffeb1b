internal import IOCore
internal import Reactor
internal import SystemCalls

/// A successor that was started, seen from the wsbridge whose place it takes: it says one byte when it serves, and its
/// end of the socket closes when it stops or dies.
final class Handover: ReadinessHandler {
    enum Event {
        case serves
        /// Why it does not serve, if it never did.
        case ended(reason: String)
    }

    /// Nanoseconds until a successor that says nothing is ended: as long as a service manager gives a start, less what
    /// it takes to notice.
    static let patience: UInt64 = 60_000_000_000

    let pid: ProcessID
    private let successor: Successor
    private let channel: Descriptor
    private let reactor: Reactor
    private let handle: (Event) -> Void
    private var registration: RegistrationID?
    private var serves = false
    private var isGivenUp = false

    init(
        _ successor: consuming Successor, _ channel: consuming Descriptor, reactor: Reactor,
        _ handle: @escaping (Event) -> Void
    ) throws(Errno) {
        self.pid = successor.pid
        self.successor = successor
        self.channel = channel
        self.reactor = reactor
        self.handle = handle
        super.init()
        self.registration = try reactor.register(self, descriptor: self.channel.rawValue, .input)
        reactor.startAlarm(at: reactor.now &+ Self.patience) { [weak self] in self?.giveUp() }
    }

    /// What each side says to the other: that it serves, and that it has been heard.
    static let word: [UInt8] = [1]

    enum Heard { case word, nothing, end }

    static func listen(_ channel: borrowing Descriptor) -> Heard {
        var bytes = [UInt8](repeating: 0, count: 16)
        var window = bytes.mutableSpan
        switch ByteTransfer.receive(channel.rawValue, into: &window, from: 0) {
        case .moved: return .word
        case .notReady: return .nothing
        case .ended, .failed: return .end
        }
    }

    /// Its end follows, and with it `ended`.
    private func giveUp() {
        guard !self.serves else { return }
        self.isGivenUp = true
        self.successor.send(.kill)
    }

    /// The service manager knows.
    func acknowledge() {
        let word = Self.word
        _ = ByteTransfer.send(self.channel.rawValue, word.span)
    }

    /// It is not to serve: we are to stop.
    func callOff() { self.successor.send(.terminate) }

    override func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        switch Self.listen(self.channel) {
        case .word:
            guard !self.serves else { return }
            self.serves = true
            self.handle(.serves)
        case .nothing: break
        case .end:
            self.close()
            let seconds = Self.patience / 1_000_000_000
            let missed = self.isGivenUp ? "did not serve within \(seconds) s" : "ended before it served"
            self.handle(.ended(reason: "the new program \(missed)"))
        }
    }
}
