package import HTTPSemantics

/// What a body consists of, as its reader finds it.
package enum BodyPiece: Equatable, Sendable {
    /// Content, by its place in the bytes that were given.
    case data(Range<Int>)
    /// Nothing of the body follows. Trailer fields come behind chunks only.
    case end(trailers: HeaderFields)
}

/// Follows a body to its end, however the network cuts it. Content stays where it is.
package struct BodyReader: Sendable {
    private enum State: Sendable {
        case length(Int)
        case chunked(ChunkedReader)
        case untilClose
        /// The end is to be told.
        case ending
        case ended
    }

    private var state: State

    package init(_ framing: BodyFraming) {
        switch framing {
        case .none: self.state = .ending
        case .length(let count): self.state = count > 0 ? .length(count) : .ending
        case .chunked: self.state = .chunked(ChunkedReader())
        case .untilClose: self.state = .untilClose
        }
    }

    /// Whether the end of the body has been told.
    package var hasEnded: Bool {
        if case .ended = self.state { true } else { false }
    }

    /// Whether it comes in chunks, and has not ended.
    package var isChunked: Bool {
        if case .chunked = self.state { true } else { false }
    }

    /// The next piece of `bytes` from `offset` on, which moves behind it; nil: more has to come. The end is told
    /// without any further byte, and once.
    package mutating func next(_ bytes: Span<UInt8>, from offset: inout Int) throws(BodyViolation) -> BodyPiece? {
        switch self.state {
        case .ended:
            return nil
        case .ending:
            self.state = .ended
            return .end(trailers: [:])
        case .untilClose:
            return Self.take(bytes.count - offset, from: &offset)
        case .length(let left):
            let count = min(left, bytes.count - offset)
            self.state = count == left ? .ending : .length(left - count)
            return Self.take(count, from: &offset)
        case .chunked(var reader):
            let piece = try reader.next(bytes, from: &offset)
            if case .end = piece { self.state = .ended } else { self.state = .chunked(reader) }
            return piece
        }
    }

    /// The connection ended: whether the body is whole. `true` once: its end has then been told by this.
    package mutating func connectionEnded() -> Bool {
        switch self.state {
        case .untilClose:
            self.state = .ended
            return true
        case .ended, .ending: return true
        case .length, .chunked: return false
        }
    }

    private static func take(_ count: Int, from offset: inout Int) -> BodyPiece? {
        guard count > 0 else { return nil }
        let start = offset
        offset += count
        return .data(start..<offset)
    }
}
