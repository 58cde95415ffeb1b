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
        var segments: [[UInt8]] = []
        let parts = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard !part.isEmpty || index == parts.count - 1 else { throw .emptySegment }
            segments.append(try Self.decode(part))
        }
        self.segments = segments
    }

    private static func decode(_ part: Substring.UTF8View) throws(PathViolation) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(part.count)
        var rest = part.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue else {
                throw .malformedEscape
            }
            decoded.append(high << 4 | low)
        }
        if decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw .controlByte }
        if decoded.contains(UInt8(ascii: "/")) { throw .encodedSlash }
        let dot = UInt8(ascii: ".")
        if decoded == [dot] || decoded == [dot, dot] { throw .dotSegment }
        return decoded
    }
}
