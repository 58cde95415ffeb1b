/// The head of `length-prefixed` and `typed` records.
///
///     length-prefixed   |         length, u32 big-endian |
///     typed             | type u8 | length, u32 big-endian |
struct BinaryHead: RecordHead {
    /// Where the kind comes from.
    enum KindSource: Sendable {
        case fixed(MessageKind)
        case typeByte
    }

    private let kindSource: KindSource
    private var kind: MessageKind?
    private var length: UInt32 = 0
    private var lengthBytesRead = 0

    init(kindSource: KindSource) { self.kindSource = kindSource }

    var isEmpty: Bool { self.kind == nil && self.lengthBytesRead == 0 }

    @inline(__always)
    func whole(
        _ input: borrowing Span<UInt8>, at offset: Int
    ) -> (announcement: RecordAnnouncement, headBytes: Int)? {
        let bytes = input.extracting(offset...)
        let typeBytes = self.fixedKind == nil ? 1 : 0
        guard bytes.count >= typeBytes + 4, let kind = self.fixedKind ?? MessageKind(rawValue: bytes[0])
        else { return nil }
        let four = bytes.extracting(typeBytes..<typeBytes + 4)
        let length = UInt32(four[0]) << 24 | UInt32(four[1]) << 16 | UInt32(four[2]) << 8 | UInt32(four[3])
        return (RecordAnnouncement(kind: kind, payloadCount: Int(length)), typeBytes + 4)
    }

    mutating func read(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordAnnouncement? {
        while offset < input.count {
            let byte = input[offset]
            offset += 1
            guard let kind = self.kind ?? self.fixedKind else {
                guard let kind = MessageKind(rawValue: byte) else { throw .unknownMessageType(byte) }
                self.kind = kind
                continue
            }
            self.length = self.length << 8 | UInt32(byte)
            self.lengthBytesRead += 1
            guard self.lengthBytesRead == 4 else { continue }
            let announcement = RecordAnnouncement(kind: kind, payloadCount: Int(self.length))
            self = BinaryHead(kindSource: self.kindSource)
            return announcement
        }
        return nil
    }

    private var fixedKind: MessageKind? {
        switch self.kindSource {
        case .fixed(let kind): kind
        case .typeByte: nil
        }
    }
}
