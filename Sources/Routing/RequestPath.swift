internal import HTTPSemantics

/// The path of a request as segments, each decoded exactly once (RFC 3986 sections 3.3 and 2.1).
///
///     /a/b%20c/   ["a", "b c", ""]
///     /           [""]
///
/// Bytes and not text: a segment need not be UTF-8. Letters keep their case.
package struct RequestPath: Equatable, Sendable {
    package let segments: [[UInt8]]

    /// `path` as received: begins with `/`, or is the `*` of `OPTIONS *`, which means the server and counts as `/`.
    package init(_ path: String) throws(PathViolation) {
        let bytes = path.utf8.span
        var segments: [[UInt8]] = []
        var end = 0
        while end < bytes.count || segments.isEmpty {
            let start = min(end + 1, bytes.count)
            end = bytes.firstIndex(of: UInt8(ascii: "/"), from: start) ?? bytes.count
            guard end > start || end == bytes.count else { throw .emptySegment }
            segments.append(try Self.decode(bytes.extracting(start..<end)))
        }
        self.segments = segments
    }

    private static func decode(_ part: Span<UInt8>) throws(PathViolation) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(part.count)
        var index = 0
        while index < part.count {
            let byte = part[index]
            index += 1
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard index + 1 < part.count, let high = part[index].hexDigitValue,
                let low = part[index + 1].hexDigitValue
            else { throw .malformedEscape }
            decoded.append(high << 4 | low)
            index += 2
        }
        if decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw .controlByte }
        if decoded.contains(UInt8(ascii: "/")) { throw .encodedSlash }
        let dot = UInt8(ascii: ".")
        if decoded == [dot] || decoded == [dot, dot] { throw .dotSegment }
        return decoded
    }
}
