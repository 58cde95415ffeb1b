/// Text messages of a client, each one frame, as they come from the network.
struct ClientFrames {
    /// Bytes without the high bit: ASCII masked with them is ASCII still. So a payload may be unmasked where it lies
    /// again and again, and is text each time.
    private static let key: [UInt8] = [0x37, 0x7A, 0x21, 0x3D]

    let count: Int
    let payload: [UInt8]

    var payloadBytes: Int { self.count * self.payload.count }

    /// The bytes cut into reads of the server, each behind `headroom` bytes.
    func windows(of size: Int, headroom: Int) -> [[UInt8]] {
        let bytes = (0..<self.count).flatMap { _ in self.frame }
        return stride(from: 0, to: bytes.count, by: size).map { start in
            [UInt8](repeating: 0, count: headroom) + bytes[start..<min(start + size, bytes.count)]
        }
    }

    private var frame: [UInt8] {
        let length = UInt64(self.payload.count)
        let head: [UInt8] =
            switch length {
            case ..<126: [0x81, 0x80 | UInt8(length)]
            case ..<65_536: [0x81, 0x80 | 126] + Self.bigEndian(length, bytes: 2)
            default: [0x81, 0x80 | 127] + Self.bigEndian(length, bytes: 8)
            }
        return head + Self.key + self.payload.indices.map { self.payload[$0] ^ Self.key[$0 % 4] }
    }

    private static func bigEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (bytes - 1 - $0))) }
    }
}
