/// Follows the frames of one direction by their headers alone: payloads are neither unmasked nor kept.
///
/// A header goes on only when it is whole, so what has gone on always ends within a payload or between two frames:
/// there a frame of ours can stand, and a message that is too large is known before its first byte has passed.
///
///     | held header (headroom) | header | payload | header | pay…
///     what is held of a header that came in part stands in front of the next bytes, where `begin` puts it
package struct FrameFollower: Sendable {
    /// Where following has stopped.
    package enum Stop: Equatable, Sendable {
        /// Everything that could go on does.
        case end
        /// Between two frames, as it was asked to.
        case boundary
        /// Behind a Close frame: nothing follows one (RFC 6455 section 5.5.1).
        case closed
        /// In front of a frame with which its message is larger than it may be.
        case tooLarge
    }

    /// What has gone by since somebody asked.
    package struct Count: Equatable, Sendable {
        package var messages = 0
        /// Payload of data frames, in bytes, as it is on the wire: compressed where an extension compresses.
        package var payloadBytes = 0
    }

    /// The longest header: two bytes, a length of eight, a key of four.
    private static let headerBytesMax = 14

    private var held = InlineArray<14, UInt8>(repeating: 0)
    private var heldCount: UInt8 = 0
    private var isInFrame = false
    private var isFinal = true
    private var opcode: UInt8 = 0
    /// Bytes of the current payload that have not come.
    private var payloadLeft: UInt64 = 0
    /// Bytes of the message under way that earlier frames had, this one's included.
    private var messageBytes: UInt64 = 0
    /// Of a Close frame: how many bytes of its code have come, and the key of both.
    private var codeBytes: UInt8 = 0
    private var codeKey: UInt16 = 0
    private var code: UInt16 = 0
    private var count = Count()

    package init() {}

    /// Whether what has gone on ends between two frames.
    package var isAtBoundary: Bool { !self.isInFrame }

    /// Whether a Close frame is what has gone by last.
    package var hasClosed: Bool { !self.isInFrame && self.opcode == Opcode.close.rawValue }

    /// The code of a Close frame that has gone by; nil: it has none.
    package var closeCode: CloseCode? { self.codeBytes == 2 ? CloseCode(rawValue: self.code) : nil }

    /// What has gone by since the last call.
    package mutating func takeCount() -> Count {
        let count = self.count
        self.count = Count()
        return count
    }

    /// Puts what is held in front of `start`; gives where the bytes begin now. There must be room for a header.
    package mutating func begin(_ window: inout MutableSpan<UInt8>, at start: Int) -> Int {
        let count = Int(self.heldCount)
        guard count > 0 else { return start }
        for index in 0..<count { window[start - count + index] = self.held[index] }
        self.heldCount = 0
        return start - count
    }

    /// Goes on to the end of `window`, or to where it has to stop; what lies before `end` may go on.
    package mutating func follow(
        _ window: borrowing MutableSpan<UInt8>, from start: Int, stopsAtBoundary: Bool = false,
        messageBytesMax: UInt64 = .max
    ) -> (end: Int, stop: Stop) {
        var at = start
        while true {
            if self.isInFrame {
                at = self.pass(window, from: at)
                guard self.payloadLeft == 0 else { return (at, .end) }
                self.isInFrame = false
                if self.opcode == Opcode.close.rawValue { return (at, .closed) }
                if self.isFinal, self.opcode < 8 {
                    self.count.messages &+= 1
                    self.messageBytes = 0
                }
            }
            if stopsAtBoundary { return (at, .boundary) }
            at = self.skipWholeMessages(window, from: at, messageBytesMax)
            guard at < window.count, let header = Self.header(window, at: at) else {
                self.hold(window, from: at)
                return (at, .end)
            }
            if !self.admit(header, messageBytesMax) { return (at, .tooLarge) }
            at &+= header.headerCount
        }
    }

    /// Takes the short way through small messages of one frame that are there to their ends: sixteen that came with one
    /// read cost little more than one.
    private mutating func skipWholeMessages(
        _ window: borrowing MutableSpan<UInt8>, from start: Int, _ messageBytesMax: UInt64
    ) -> Int {
        guard self.messageBytes == 0 else { return start }
        let end = window.count
        let longest = Int(min(messageBytesMax, 125))
        var at = start
        var messages = 0
        var payloadBytes = 0
        while end &- at >= 2 {
            let (first, second) = (window[at], window[at &+ 1])
            let count = Int(second & 0x7F)
            // Final, and text or binary.
            guard first & 0x88 == 0x80, first & 0x0F != 0, count <= longest else { break }
            let next = at &+ 2 &+ count &+ Int(second >> 7) &* 4
            guard next <= end else { break }
            at = next
            messages &+= 1
            payloadBytes &+= count
        }
        self.count.messages &+= messages
        self.count.payloadBytes &+= payloadBytes
        return at
    }

    /// Lets payload pass, as much as there is.
    private mutating func pass(_ window: borrowing MutableSpan<UInt8>, from start: Int) -> Int {
        let count = Int(min(self.payloadLeft, UInt64(window.count &- start)))
        if self.opcode < 8 { self.count.payloadBytes &+= count }
        if self.opcode == Opcode.close.rawValue {
            for index in start..<start + count where self.codeBytes < 2 {
                let key = UInt8(truncatingIfNeeded: self.codeKey >> (8 * (1 - UInt16(self.codeBytes))))
                self.code = self.code << 8 | UInt16(window[index] ^ key)
                self.codeBytes += 1
            }
        }
        self.payloadLeft &-= UInt64(count)
        return start &+ count
    }

    private mutating func hold(_ window: borrowing MutableSpan<UInt8>, from start: Int) {
        for index in start..<window.count { self.held[index - start] = window[index] }
        self.heldCount = UInt8(window.count - start)
    }

    /// Enters the frame, unless its message is too large.
    private mutating func admit(_ header: Header, _ messageBytesMax: UInt64) -> Bool {
        if header.opcode < 8 {
            let (sum, overflows) = self.messageBytes.addingReportingOverflow(header.payloadBytes)
            guard !overflows, sum <= messageBytesMax else { return false }
            self.messageBytes = sum
        }
        self.isInFrame = true
        self.isFinal = header.isFinal
        self.opcode = header.opcode
        self.payloadLeft = header.payloadBytes
        self.codeKey = header.keyStart
        return true
    }
}

// MARK: - Headers

extension FrameFollower {
    private struct Header {
        var opcode: UInt8
        var isFinal: Bool
        var payloadBytes: UInt64
        var headerCount: Int
        /// The first two bytes of the key; 0 where the frame is not masked.
        var keyStart: UInt16
    }

    /// The header at `offset`; nil while it is incomplete. What the ends of the connection have agreed on is theirs to
    /// judge: reserved bits and opcodes pass.
    private static func header(_ window: borrowing MutableSpan<UInt8>, at offset: Int) -> Header? {
        let available = window.count &- offset
        guard available >= 2 else { return nil }
        let (first, second) = (window[offset], window[offset &+ 1])
        let isMasked = second & 0x80 != 0
        let short = second & 0x7F
        let lengthBytes = short < 126 ? 0 : short == 126 ? 2 : 8
        let count = 2 &+ lengthBytes &+ (isMasked ? 4 : 0)
        guard available >= count else { return nil }
        var length = UInt64(short)
        if lengthBytes > 0 {
            length = 0
            for index in 0..<lengthBytes { length = length << 8 | UInt64(window[offset &+ 2 &+ index]) }
        }
        var key: UInt16 = 0
        if isMasked {
            key = UInt16(window[offset &+ count &- 4]) << 8 | UInt16(window[offset &+ count &- 3])
        }
        return Header(
            opcode: first & 0x0F, isFinal: first & 0x80 != 0, payloadBytes: length, headerCount: count, keyStart: key)
    }
}
