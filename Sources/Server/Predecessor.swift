internal import IOCore
internal import Reactor
internal import SystemCalls

/// The wsbridge whose place we take. It goes on with its sessions until they end, or until we are to stop.
final class Predecessor: ReadinessHandler {
    /// Names the descriptor of our end of the socket between us.
    static let variable = "WSBRIDGE_PREDECESSOR"

    private let channel: Descriptor
    private let reactor: Reactor
    private let ended: () -> Void
    private var handedOver: (() -> Void)?
    private var registration: RegistrationID?

    /// True once it has ended.
    var isGone: Bool { self.registration == nil }

    init(_ channel: consuming Descriptor, reactor: Reactor, ended: @escaping () -> Void) throws(Errno) {
        self.channel = channel
        self.reactor = reactor
        self.ended = ended
        super.init()
        self.registration = try reactor.register(self, descriptor: self.channel.rawValue, .input)
    }

    /// Our end of the socket; nil: we take nobody's place.
    static func channelFromEnvironment() -> Descriptor? {
        guard let text = ProcessEnvironment.value(of: Self.variable),
            ProcessEnvironment.value(of: "LISTEN_PID") == Array("\(ProcessTable.ownPID)".utf8),
            let number = CInt(String(decoding: text, as: UTF8.self)), number >= Successor.firstDescriptor
        else { return nil }
        return Socket.adopt(connected: number)
    }

    /// We serve now. `handedOver`: it has told the service manager that we are the service; what we said before, nobody
    /// would believe.
    func takeOver(_ handedOver: @escaping () -> Void) {
        self.handedOver = handedOver
        let word = Handover.word
        _ = ByteTransfer.send(self.channel.rawValue, word.span)
    }

    /// We are to stop, and so is it.
    func dismiss() { Socket.finishSending(self.channel.rawValue) }

    override func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        switch Handover.listen(self.channel) {
        case .word: self.handedOver.take()?()
        case .nothing: break
        case .end:
            self.close()
            self.handedOver.take()?()
            self.ended()
        }
    }
}
