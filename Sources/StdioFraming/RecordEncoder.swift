/// Turns a client's message into a record for the program's standard input.
///
/// The payload stays where it is: the caller writes `prefix` before it and `suffix` after it.
///
///     | prefix | payload[..<prepare(payload)] | suffix |
package struct RecordEncoder: Sendable {
    private let framing: Framing
    private let innerNewline: InnerNewline

    package init(framing: Framing, innerNewline: InnerNewline = .refuse) {
        self.framing = framing
        self.innerNewline = innerNewline
    }

    /// The byte that ends a record, where the framing has one.
    package var suffix: UInt8? {
        switch self.framing {
        case .lines: Byte.lineFeed
        case .null: Byte.null
        case .raw, .lengthPrefixed, .typed, .contentLength: nil
        }
    }

    /// Whether there are bytes before a payload.
    package var hasPrefix: Bool {
        switch self.framing {
        case .lines, .null, .raw: false
        case .lengthPrefixed, .typed, .contentLength: true
        }
    }

    /// The bytes before a payload of `payloadCount` bytes; throws when 32 bits cannot hold that number.
    package func prefix(kind: MessageKind, payloadCount: Int) throws(RecordViolation) -> RecordPrefix {
        guard let length = UInt32(exactly: payloadCount) else {
            throw .recordTooLong(bytesMax: Int(UInt32.max))
        }
        var prefix = RecordPrefix()
        switch self.framing {
        case .lines, .null, .raw:
            break
        case .lengthPrefixed:
            prefix.append(bigEndian: length)
        case .typed:
            prefix.append(kind.rawValue)
            prefix.append(bigEndian: length)
        case .contentLength:
            prefix.append(HeaderBlock.usualStart.span)
            prefix.append(decimal: length)
            prefix.append(HeaderBlock.usualEnd.span)
        }
        return prefix
    }

    /// Makes a whole payload safe for the framing, in place, and returns how many of its bytes to send.
    ///
    /// `lines`: one trailing newline, LF or CRLF, is dropped because `suffix` brings one; any other LF or
    /// CR is an inner newline. `null`: a NUL would start a second record and is refused.
    package func prepare(_ payload: inout MutableSpan<UInt8>) throws(RecordViolation) -> Int {
        switch self.framing {
        case .lines:
            return try self.prepareLine(&payload)
        case .null:
            guard ByteSearch.first(Byte.null, in: payload.span, 0..<payload.count) == nil else {
                throw .innerNull
            }
            return payload.count
        case .raw, .lengthPrefixed, .typed, .contentLength:
            return payload.count
        }
    }

    private func prepareLine(_ payload: inout MutableSpan<UInt8>) throws(RecordViolation) -> Int {
        var count = payload.count
        if count > 0, payload[count - 1] == Byte.lineFeed {
            count -= 1
            if count > 0, payload[count - 1] == Byte.carriageReturn { count -= 1 }
        }
        switch self.innerNewline {
        case .pass:
            break
        case .refuse:
            guard ByteSearch.first(Byte.lineFeed, in: payload.span, 0..<count) == nil,
                ByteSearch.first(Byte.carriageReturn, in: payload.span, 0..<count) == nil
            else { throw .innerNewline }
        case .space:
            Self.blank(Byte.lineFeed, in: &payload, 0..<count)
            Self.blank(Byte.carriageReturn, in: &payload, 0..<count)
        }
        return count
    }

    private static func blank(_ byte: UInt8, in payload: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        while let index = ByteSearch.first(byte, in: payload.span, start..<range.upperBound) {
            payload[index] = Byte.space
            start = index + 1
        }
    }
}

extension RecordPrefix {
    fileprivate mutating func append(bigEndian value: UInt32) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            self.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    fileprivate mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices { self.append(bytes[index]) }
    }

    fileprivate mutating func append(decimal value: UInt32) {
        var divisor: UInt32 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            self.append(UInt8(truncatingIfNeeded: value / divisor % 10) + Byte.zero)
            divisor /= 10
        }
    }
}
