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
    /// The message at `offset`, if it is a whole frame of less than 64 KiB and within the limits.
    @inlinable @inline(__always)
    public func wholeFrame(
        _ window: borrowing MutableSpan<UInt8>, at offset: Int, limits: borrowing MessageLimits
    ) -> WholeFrame? {
        guard self.type == nil, window.count &- offset >= FrameHeader.bytesMax else { return nil }
        let first = window[offset]
        guard first == 0x81 || first == 0x82 else { return nil }
        var header = 6
        var count = Int(window[offset &+ 1]) &- 0x80
        if count == 126 {
            count = Int(window[offset &+ 2]) << 8 | Int(window[offset &+ 3])
            guard count > 125 else { return nil }
            header = 8
        }
        guard count >= 0, count != 127 || header == 8, count <= limits.frameBytesMax, count <= limits.messageBytesMax,
            window.count &- offset &- header >= count
        else { return nil }
        let key = MaskingKernel.word(window, at: offset &+ header &- 4)
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
