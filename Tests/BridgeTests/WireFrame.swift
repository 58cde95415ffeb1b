import SimulatedIO
import WebSocket

/// A frame as either side puts it on the wire, made and read without the engine under test.
struct WireFrame: Equatable {
    var opcode: UInt8
    var isFinal = true
    var payload: [UInt8]

    /// As a client sends it: masked.
    func masked(_ key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]) -> [UInt8] {
        var bytes = self.header(maskBit: 0x80)
        bytes += key
        for (index, byte) in self.payload.enumerated() { bytes.append(byte ^ key[index % 4]) }
        return bytes
    }

    private func header(maskBit: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [(self.isFinal ? 0x80 : 0) | self.opcode]
        let count = self.payload.count
        if count < 126 {
            bytes.append(maskBit | UInt8(count))
        } else if count < 65_536 {
            bytes += [maskBit | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        } else {
            bytes += [maskBit | 127, 0, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) }
        }
        return bytes
    }

    static func text(_ text: String) -> WireFrame { WireFrame(opcode: 1, payload: Array(text.utf8)) }
    static func binary(_ bytes: [UInt8]) -> WireFrame { WireFrame(opcode: 2, payload: bytes) }
    static func ping(_ text: String) -> WireFrame { WireFrame(opcode: 9, payload: Array(text.utf8)) }
    static func close(_ code: UInt16?, _ reason: String = "") -> WireFrame {
        WireFrame(opcode: 8, payload: code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] + Array(reason.utf8) } ?? [])
    }
}

extension WireFrame: CustomStringConvertible, CustomReflectable {
    var description: String {
        let start = String(decoding: self.payload.prefix(24), as: UTF8.self).debugDescription
        return "\(self.opcode)\(self.isFinal ? "" : "…") \(self.payload.count) \(start)"
    }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension WireFrame {
    /// Takes one server frame off `bytes` at `offset`; nil while it is not whole.
    static func parse(_ bytes: [UInt8], at offset: inout Int) -> WireFrame? {
        guard bytes.count - offset >= 2 else { return nil }
        let short = Int(bytes[offset + 1])
        precondition(short < 128, "a server frame is not masked")
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        let start = offset + 2 + lengthBytes
        guard bytes.count >= start else { return nil }
        let count = lengthBytes == 0 ? short : bytes[offset + 2..<start].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= start + count else { return nil }
        let first = bytes[offset]
        offset = start + count
        return WireFrame(
            opcode: first & 0x0F, isFinal: first & 0x80 != 0, payload: Array(bytes[start..<start + count]))
    }
}

extension SeededGenerator {
    /// A message of any length class: the edges of the length's forms, mostly short, sometimes larger than a read.
    mutating func message(textOnly: Bool = false, excluding: Set<UInt8> = []) -> WireFrame {
        let edges = [0, 1, 125, 126, 127, 1000, 65_535, 65_536]
        var count = self.chance(70) ? Int.random(in: 0...300, using: &self) : edges.randomElement(using: &self) ?? 0
        if self.chance(2) { count = Int.random(in: 0...300_000, using: &self) }
        guard textOnly || self.chance(50) else { return .binary(self.bytes(count).filter { !excluding.contains($0) }) }
        let alphabet: [Character] = ["a", "b", " ", "\u{1}", "é", "ß", "水", "😀", "\u{FFFD}"]
        var text: [UInt8] = []
        while text.count < min(count, 500) { text += Array((alphabet.randomElement(using: &self) ?? "a").utf8) }
        while text.count < count { text += text }
        return WireFrame(opcode: 1, payload: text)
    }

    /// The message in one frame or several, with pings between them.
    mutating func wire(of message: WireFrame, pings: inout [WireFrame]) -> [UInt8] {
        var wire: [UInt8] = []
        var rest = message.payload[...]
        var opcode = message.opcode
        while self.chance(30) {
            let count = Int.random(in: 0...rest.count, using: &self)
            wire += WireFrame(opcode: opcode, isFinal: false, payload: Array(rest.prefix(count))).masked(self.bytes(4))
            rest = rest.dropFirst(count)
            opcode = 0
            guard self.chance(30) else { continue }
            pings.append(.ping("ping \(pings.count)"))
            wire += WireFrame.ping("ping \(pings.count - 1)").masked(self.bytes(4))
        }
        return wire + WireFrame(opcode: opcode, payload: Array(rest)).masked(self.bytes(4))
    }
}
