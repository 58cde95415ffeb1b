@testable import Bridge
import SimulatedIO

/// A client of a session: takes frames apart and answers as a good client does, unless told not to.
final class WebSocketClient {
    let transport: SimulatedClient
    private(set) var messages: [WireFrame] = []
    private(set) var pings = 0
    private(set) var pongs: [WireFrame] = []
    private(set) var closes: [WireFrame] = []
    var answersPings = true
    var answersClose = true
    /// Frames that were not the last of their message.
    private(set) var fragments = 0
    private var begun: WireFrame?
    private var parsed = 0
    private var hasSentClose = false

    init(_ loop: SimulatedLoop, capacity: Int) {
        self.transport = SimulatedClient(loop, capacity: capacity)
        self.transport.react = { [unowned self] in self.react() }
    }

    /// A session of this client, which hears of what it sends from now on.
    func session(with peer: any SessionPeer, _ settings: SessionSettings) -> WebSocketSession {
        let session = WebSocketSession(
            self.transport.stream, peer: peer, settings: settings, identity: .test(settings.loop))
        self.transport.stream.delegate = session
        return session
    }

    func send(_ frame: WireFrame) { self.transport.send(frame.masked()) }

    func sendClose(_ code: UInt16? = 1000) {
        self.hasSentClose = true
        self.send(.close(code))
    }

    /// Code and reason of the only Close.
    var close: String? {
        guard self.closes.count == 1, let payload = self.closes.first?.payload else { return nil }
        guard payload.count >= 2 else { return "none" }
        let code = Int(payload[0]) << 8 | Int(payload[1])
        return payload.count == 2 ? "\(code)" : "\(code) \(String(decoding: payload[2...], as: UTF8.self))"
    }

    var closeCode: Int? { self.close.flatMap { Int($0.prefix(4)) } }

    private func react() {
        while let frame = WireFrame.parse(self.transport.received, at: &self.parsed) {
            precondition(self.closes.isEmpty, "nothing follows a Close")
            switch frame.opcode {
            case 0, 1, 2: self.take(part: frame)
            case 8: self.take(close: frame)
            case 9:
                self.pings += 1
                if self.answersPings { self.send(WireFrame(opcode: 10, payload: frame.payload)) }
            case 10: self.pongs.append(frame)
            case let opcode: preconditionFailure("opcode \(opcode)")
            }
        }
    }

    /// Large messages may come in fragments; control frames may not, and nothing else comes between.
    private func take(part frame: WireFrame) {
        precondition((frame.opcode == 0) == (self.begun != nil), "fragments follow each other")
        if !frame.isFinal { self.fragments += 1 }
        let opcode = self.begun?.opcode ?? frame.opcode
        let whole = WireFrame(opcode: opcode, payload: (self.begun?.payload ?? []) + frame.payload)
        self.begun = frame.isFinal ? nil : whole
        if frame.isFinal { self.messages.append(whole) }
    }

    private func take(close: WireFrame) {
        self.closes.append(close)
        guard self.answersClose, !self.hasSentClose else { return }
        self.hasSentClose = true
        self.send(WireFrame(opcode: 8, payload: Array(close.payload.prefix(2))))
    }
}
