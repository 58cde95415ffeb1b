/// A frame as a client may put it on the wire, right or wrong.
struct ClientFrame: Sendable {
    /// How the length is written; a client must choose the shortest.
    enum LengthForm: Sendable { case shortest, bits16, bits64 }

    var opcode: UInt8
    var payload: [UInt8] = []
    var isFinal = true
    var reserved: UInt8 = 0
    var key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    var isMasked = true
    var lengthForm = LengthForm.shortest
    /// What the header says where it is not what follows.
    var announced: UInt64?

    var encoded: [UInt8] {
        let length = self.announced ?? UInt64(self.payload.count)
        let mask: UInt8 = self.isMasked ? 0x80 : 0
        var wire = [(self.isFinal ? 0x80 : 0) | self.reserved << 4 | self.opcode]
        switch self.lengthForm {
        case .shortest where length < 126:
            wire.append(mask | UInt8(length))
        case .shortest where length < 65_536, .bits16:
            wire.append(mask | 126)
            wire += Self.bigEndian(length, bytes: 2)
        case .shortest, .bits64:
            wire.append(mask | 127)
            wire += Self.bigEndian(length, bytes: 8)
        }
        guard self.isMasked else { return wire + self.payload }
        return wire + self.key + self.payload.indices.map { self.payload[$0] ^ self.key[$0 % 4] }
    }

    private static func bigEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (bytes - 1 - $0))) }
    }
}

extension ClientFrame {
    static func text(_ text: String, isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 1, payload: Array(text.utf8), isFinal: isFinal)
    }
    static func text(_ payload: [UInt8], isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 1, payload: payload, isFinal: isFinal)
    }
    static func binary(_ payload: [UInt8], isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 2, payload: payload, isFinal: isFinal)
    }
    static func more(_ payload: [UInt8], isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 0, payload: payload, isFinal: isFinal)
    }
    static func more(_ text: String, isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 0, payload: Array(text.utf8), isFinal: isFinal)
    }
    static func ping(_ text: String) -> ClientFrame { ClientFrame(opcode: 9, payload: Array(text.utf8)) }
    static func pong(_ text: String) -> ClientFrame { ClientFrame(opcode: 10, payload: Array(text.utf8)) }
    static func close(_ payload: [UInt8]) -> ClientFrame { ClientFrame(opcode: 8, payload: payload) }
    /// A header whose payload is not there.
    static func announcing(_ length: UInt64, as form: LengthForm = .shortest) -> ClientFrame {
        ClientFrame(opcode: 2, lengthForm: form, announced: length)
    }
}
