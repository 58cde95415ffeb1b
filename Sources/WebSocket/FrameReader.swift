/// The limits on what one client may send; checked as soon as a header tells the length.
public struct MessageLimits: Equatable, Sendable {
    public let frameBytesMax: Int
    public let messageBytesMax: Int
    /// Bounds the work per message byte: a million empty continuations would cost headers and no memory.
    public let fragmentsMax: Int

    public init(frameBytesMax: Int, messageBytesMax: Int, fragmentsMax: Int = 65_536) {
        self.frameBytesMax = frameBytesMax
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax
    }
}

/// A run of payload bytes of one message that lies in the window, still masked.
///
/// A message that came whole is the piece with `begins` and `ends`; any other is collected piece by piece.
public struct MessagePiece: Equatable, Sendable {
    public let type: MessageType
    public let begins: Bool
    public let ends: Bool
    public let offset: Int
    public let count: Int
    /// Payload bytes of this frame that are still to come after this piece.
    public let frameRest: Int

    @inlinable
    init(type: MessageType, begins: Bool, ends: Bool, offset: Int, count: Int, frameRest: Int) {
        self.type = type
        self.begins = begins
        self.ends = ends
        self.offset = offset
        self.count = count
        self.frameRest = frameRest
    }
}

/// Reads frames out of the bytes of a client, in place, and holds the rules of RFC 6455 from the first byte on.
///
/// One pass over a window is `begin`, then `next` until it gives nil; each piece is taken by `transfer`
/// before the next call. What is left of a header or of a control frame is kept for the next window.
public struct FrameReader {
    public enum Step {
        case piece(MessagePiece)
        /// A whole Ping, Pong or Close, its payload unmasked where it lies.
        case control(Opcode, payload: Range<Int>)
    }

    /// The most that is kept between two windows: a control frame short of its last byte.
    public static let heldBytesMax = 6 + 124

    @usableFromInline var frameRest = 0
    @usableFromInline var messageCount = 0
    @usableFromInline var key: UInt32 = 0
    @usableFromInline var fragments: UInt32 = 0
    @usableFromInline var validator = UTF8Validator()
    @usableFromInline var type: MessageType?
    /// True exactly when the frame under way is the last of its message.
    @usableFromInline var isFinal = false
    @usableFromInline var held: [UInt8] = []

    public init() {}

    /// Puts what was kept in front of the bytes received at `start`; gives the offset to read from.
    /// `start` must leave `heldBytesMax` bytes before it.
    @inlinable
    public mutating func begin(_ window: inout MutableSpan<UInt8>, at start: Int) -> Int {
        self.held.isEmpty ? start : self.restoreHeld(&window, before: start)
    }

    /// The next piece or control frame at `offset`, which moves past headers and control frames.
    @inlinable
    public mutating func next(
        _ window: inout MutableSpan<UInt8>, at offset: inout Int, limits: borrowing MessageLimits
    ) throws(ProtocolViolation) -> Step? {
        if self.frameRest > 0 {
            guard let type = self.type, offset < window.count else { return nil }
            return .piece(self.piece(of: type, begins: false, at: offset, in: window.count))
        }
        guard let header = try FrameHeader.parse(window, at: offset) else {
            self.hold(window, from: &offset)
            return nil
        }
        guard header.opcode.rawValue < 8 else { return self.control(header, &window, at: &offset) }
        let begins = header.opcode != .continuation
        let type = try self.open(header, begins: begins, limits: limits)
        offset &+= header.headerCount
        return .piece(self.piece(of: type, begins: begins, at: offset, in: window.count))
    }

    /// Unmasks a piece to `destination`, at or before where it lies, and checks text as UTF-8.
    @inlinable
    public mutating func transfer(
        _ piece: MessagePiece, in window: inout MutableSpan<UInt8>, to destination: Int
    ) throws(ProtocolViolation) {
        let result = MaskingKernel.unmask(
            &window, from: piece.offset, count: piece.count, to: destination, key: self.key)
        if piece.type == .text && !(result.isASCII && self.validator.isAtBoundary) {
            try self.validate(window.span.extracting(destination..<destination &+ piece.count))
        }
        try self.took(piece, key: result.key)
    }

    /// The same into a buffer of the caller's.
    public mutating func transfer(
        _ piece: MessagePiece, from window: borrowing MutableSpan<UInt8>,
        into output: inout MutableSpan<UInt8>, at destination: Int
    ) throws(ProtocolViolation) {
        let result = MaskingKernel.unmask(
            window, from: piece.offset, count: piece.count, into: &output, at: destination, key: self.key)
        if piece.type == .text && !(result.isASCII && self.validator.isAtBoundary) {
            try self.validate(output.span.extracting(destination..<destination + piece.count))
        }
        try self.took(piece, key: result.key)
    }
}

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

extension FrameReader {
    /// Applies the order of fragments and the limits to a data frame's header.
    @inlinable
    mutating func open(
        _ header: FrameHeader, begins: Bool, limits: borrowing MessageLimits
    ) throws(ProtocolViolation) -> MessageType {
        let type: MessageType
        if begins {
            guard self.type == nil else { throw .messageWithinMessage }
            type = header.opcode == .text ? .text : .binary
            self.messageCount = 0
            self.fragments = 0
        } else {
            guard let current = self.type else { throw .continuationWithoutMessage }
            type = current
            self.fragments &+= 1
            guard self.fragments < limits.fragmentsMax else { throw .tooManyFragments(limit: limits.fragmentsMax) }
        }
        guard header.payloadCount <= limits.frameBytesMax else { throw .frameTooLarge(limit: limits.frameBytesMax) }
        guard header.payloadCount <= limits.messageBytesMax - self.messageCount else {
            throw .messageTooLarge(limit: limits.messageBytesMax)
        }
        self.type = type
        self.messageCount &+= header.payloadCount
        self.frameRest = header.payloadCount
        self.isFinal = header.isFinal
        self.key = header.key
        return type
    }

    @inlinable
    func piece(of type: MessageType, begins: Bool, at offset: Int, in end: Int) -> MessagePiece {
        let count = min(self.frameRest, end &- offset)
        let rest = self.frameRest &- count
        return MessagePiece(
            type: type, begins: begins, ends: self.isFinal && rest == 0, offset: offset, count: count, frameRest: rest)
    }

    /// Accounts for a piece that was transferred.
    @inlinable
    mutating func took(_ piece: MessagePiece, key: UInt32) throws(ProtocolViolation) {
        self.key = key
        self.frameRest = piece.frameRest
        guard piece.ends else { return }
        guard self.validator.isAtBoundary else { throw .invalidUTF8 }
        self.type = nil
    }

    @usableFromInline
    mutating func validate(_ text: Span<UInt8>) throws(ProtocolViolation) {
        guard self.validator.consume(text) else { throw .invalidUTF8 }
    }

    /// A control frame, or nil when its payload is not there yet.
    @usableFromInline
    mutating func control(_ header: FrameHeader, _ window: inout MutableSpan<UInt8>, at offset: inout Int) -> Step? {
        let start = offset + header.headerCount
        guard window.count - start >= header.payloadCount else {
            self.hold(window, from: &offset)
            return nil
        }
        _ = MaskingKernel.unmask(&window, from: start, count: header.payloadCount, to: start, key: header.key)
        offset = start + header.payloadCount
        return .control(header.opcode, payload: start..<offset)
    }

    @usableFromInline
    mutating func hold(_ window: borrowing MutableSpan<UInt8>, from offset: inout Int) {
        guard offset < window.count else { return }
        self.held.reserveCapacity(Self.heldBytesMax)
        for index in offset..<window.count { self.held.append(window[index]) }
        // Taken: whoever asks again must not have it kept twice.
        offset = window.count
    }

    @usableFromInline
    mutating func restoreHeld(_ window: inout MutableSpan<UInt8>, before start: Int) -> Int {
        let begin = start - self.held.count
        for index in 0..<self.held.count { window[begin + index] = self.held[index] }
        self.held = []
        return begin
    }
}
