internal import HTTPSemantics

/// Follows a body in chunks (RFC 9112 section 7.1).
///
///     size [; extension] CRLF data CRLF … 0 CRLF [trailer CRLF]… CRLF
///
/// Strict where smuggling has come from: CRLF alone ends a line, nothing but an extension stands behind a size, and
/// data is as long as its size says. Extensions mean nothing to us and go no further.
struct ChunkedReader: Sendable {
    /// Digits of a size at most: below 2^60, so that it never overflows.
    static let sizeDigitsMax = 15
    /// Bytes of an extension at most: nobody uses them, and unread bytes are work for nothing.
    static let extensionBytesMax = 256
    /// Bytes of all trailer lines together: a checksum and a signature are a few hundred.
    static let trailerBytesMax = 8 << 10
    /// Number of trailer fields.
    static let trailerCountMax = 32

    private enum State: Sendable {
        case size(UInt64, digits: Int)
        case chunkExtension(UInt64, bytes: Int)
        case sizeLineFeed(UInt64)
        case data(UInt64)
        case dataReturn
        case dataLineFeed
        case trailer
        case trailerLineFeed
        case ended
    }

    private var state = State.size(0, digits: 0)
    /// The trailer lines so far, of which nothing lasts in the caller's bytes, and where the last of them begins.
    private var section: [UInt8] = []
    private var lineStart = 0
    private var trailerBytes = 0
    private var trailers: [HeaderFields.Line] = []

    mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyViolation) -> BodyPiece? {
        while offset < bytes.count {
            if case .data(let left) = self.state {
                let count = Int(min(left, UInt64(bytes.count - offset)))
                let start = offset
                offset += count
                self.state = UInt64(count) == left ? .dataReturn : .data(left - UInt64(count))
                return .data(start..<offset)
            }
            let byte = bytes[offset]
            offset += 1
            try self.take(byte)
            if case .ended = self.state {
                return .end(trailers: HeaderFields(copying: self.section.span, lines: self.trailers))
            }
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) throws(BodyViolation) {
        switch self.state {
        case .size(let size, let digits): self.state = try Self.size(size, digits, byte)
        case .chunkExtension(let size, let count):
            if byte == 0x0D {
                self.state = .sizeLineFeed(size)
            } else {
                guard byte.isFieldContent else { throw .malformedChunkSize }
                guard count < Self.extensionBytesMax else {
                    throw .chunkExtensionTooLong(bytesMax: Self.extensionBytesMax)
                }
                self.state = .chunkExtension(size, bytes: count + 1)
            }
        case .sizeLineFeed(let size):
            guard byte == 0x0A else { throw .malformedChunkSize }
            self.state = size == 0 ? .trailer : .data(size)
        case .dataReturn:
            guard byte == 0x0D else { throw .chunkWithoutEnd }
            self.state = .dataLineFeed
        case .dataLineFeed:
            guard byte == 0x0A else { throw .chunkWithoutEnd }
            self.state = .size(0, digits: 0)
        case .trailer: try self.takeTrailer(byte)
        case .trailerLineFeed:
            guard byte == 0x0A else { throw .malformedTrailer }
            try self.endTrailerLine()
        case .data, .ended: break
        }
    }

    private static func size(_ size: UInt64, _ digits: Int, _ byte: UInt8) throws(BodyViolation) -> State {
        if let digit = byte.hexDigitValue {
            guard digits < Self.sizeDigitsMax else { throw .chunkTooLarge }
            return .size(size << 4 | UInt64(digit), digits: digits + 1)
        }
        guard digits > 0 else { throw .malformedChunkSize }
        switch byte {
        case 0x0D: return .sizeLineFeed(size)
        case UInt8(ascii: ";"): return .chunkExtension(size, bytes: 0)
        case _: throw .malformedChunkSize
        }
    }

    private mutating func takeTrailer(_ byte: UInt8) throws(BodyViolation) {
        if byte == 0x0D {
            self.state = .trailerLineFeed
            return
        }
        guard byte.isFieldContent else { throw .malformedTrailer }
        guard self.trailerBytes < Self.trailerBytesMax else {
            throw .trailersTooLarge(bytesMax: Self.trailerBytesMax)
        }
        self.trailerBytes += 1
        self.section.append(byte)
    }

    private mutating func endTrailerLine() throws(BodyViolation) {
        guard self.section.count > self.lineStart else {
            self.state = .ended
            return
        }
        guard self.trailers.count < Self.trailerCountMax else {
            throw .tooManyTrailers(countMax: Self.trailerCountMax)
        }
        do throws(RequestHeadViolation) {
            self.trailers.append(
                try HeaderFields.Line(
                    self.section.span, from: self.lineStart, to: self.section.count, sectionStart: 0))
        } catch {
            throw .malformedTrailer
        }
        self.section += [0x0D, 0x0A]
        self.lineStart = self.section.count
        self.state = .trailer
    }
}
