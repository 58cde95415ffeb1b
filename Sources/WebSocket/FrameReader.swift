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

    @inlinable
    public init() {}

    /// Whether a message has begun and not ended.
    @inlinable
    public var isWithinMessage: Bool { self.type != nil }

    /// Whether nothing is under way: a fresh reader would go on in the same way.
    @inlinable
    public var isAtRest: Bool { self.type == nil && self.held.isEmpty }

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
