/// A final, unfragmented data frame that lies whole in the window, still masked.
public struct WholeFrame {
    public let type: MessageType
    public let key: UInt32
    public let offset: Int
    public let count: Int

    @inlinable @inline(__always)
    init(type: MessageType, key: UInt32, offset: Int, count: Int) {
        self.type = type
        self.key = key
        self.offset = offset
        self.count = count
    }
}

// The usual case, recognized by all that must be true of it; whatever else comes, every violation included, is left to
// `next`. It is what nearly every message of a busy session takes, so it is inlined to the last call.
extension FrameReader {
    /// The message at `offset`, if it is a whole frame of less than 64 KiB and within the limits. To be asked only
    /// between two messages.
    @inlinable @inline(__always)
    public static func wholeFrame(
        _ window: borrowing MutableSpan<UInt8>, at offset: Int, limits: borrowing MessageLimits
    ) -> WholeFrame? {
        // One load has all of it: | first | second | len16 or key | key |. At the end of the window, where a key stroke
        // is, it begins before the frame.
        let before = 8 &- (window.count &- offset)
        var head: UInt64
        if before <= 0 {
            head = MaskingKernel.doubleWord(window, at: offset)
        } else {
            guard before <= 2, offset >= before else { return nil }
            head = MaskingKernel.doubleWord(window, at: offset &- before) >> UInt64(8 &* before)
        }
        let first = UInt8(truncatingIfNeeded: head)
        guard first == 0x81 || first == 0x82 else { return nil }
        // Negative without the mask bit.
        var count = Int(UInt8(truncatingIfNeeded: head >> 8)) &- 0x80
        var header = 6
        var key = UInt32(truncatingIfNeeded: head >> 16)
        if count >= 126 {
            guard count == 126 else { return nil }
            count = Int(UInt16(truncatingIfNeeded: head >> 16).byteSwapped)
            guard count > 125 else { return nil }
            header = 8
            key = UInt32(truncatingIfNeeded: head >> 32)
        }
        guard count >= 0, count <= limits.frameBytesMax, count <= limits.messageBytesMax,
            count <= window.count &- offset &- header
        else { return nil }
        return WholeFrame(
            type: first == 0x81 ? .text : .binary, key: key, offset: offset &+ header, count: count)
    }

    /// Unmasks it to `destination`, at or before where it lies, and checks text as UTF-8.
    @inlinable @inline(__always)
    public static func transfer(
        _ frame: WholeFrame, in window: inout MutableSpan<UInt8>, to destination: Int
    ) throws(ProtocolViolation) {
        let result = MaskingKernel.unmask(
            &window, from: frame.offset, count: frame.count, to: destination, key: frame.key)
        if !result.isASCII && frame.type == .text {
            try Self.checkText(window.span.extracting(destination..<destination &+ frame.count))
        }
    }

    @usableFromInline
    static func checkText(_ text: Span<UInt8>) throws(ProtocolViolation) {
        var validator = UTF8Validator()
        guard validator.consume(text), validator.isAtBoundary else { throw .invalidUTF8 }
    }
}
