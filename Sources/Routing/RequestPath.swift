internal import HTTPSemantics

/// The path of a request, each of its segments decoded exactly once (RFC 3986 sections 3.3 and 2.1).
///
///     /a/b%20c/   /a/b c/     segments "a", "b c" and ""
///     *           /           one segment, ""
///
/// Bytes and not text: a segment need not be UTF-8. Letters keep their case.
package struct RequestPath: Equatable, Sendable {
    /// Each segment behind a slash; there is no slash in any of them.
    package let bytes: [UInt8]

    /// `path` as received: begins with `/`, or is the `*` of `OPTIONS *`, which means the server and counts as `/`.
    package init(_ path: String) throws(PathViolation) {
        let text = path.utf8.span
        var bytes: [UInt8] = []
        try bytes.append(addingCapacity: max(1, text.count)) { output throws(PathViolation) in
            try Self.decode(text, into: &output)
        }
        self.bytes = bytes
    }

    /// Needs no more room than `text`, but one byte for the slash.
    private static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) throws(PathViolation) {
        output.append(Self.slash)
        var (index, start) = (1, 1)
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case Self.slash:
                guard output.count > start else { throw .emptySegment }
                try Self.checkSegment(output, from: start)
                output.append(Self.slash)
                start = output.count
            case UInt8(ascii: "%"):
                guard index + 1 < text.count, let high = text[index].hexDigitValue,
                    let low = text[index + 1].hexDigitValue
                else { throw .malformedEscape }
                index += 2
                let decoded = high << 4 | low
                if decoded == Self.slash { throw .encodedSlash }
                output.append(try Self.checked(decoded))
            case _:
                output.append(try Self.checked(byte))
            }
        }
        try Self.checkSegment(output, from: start)
    }

    private static let slash = UInt8(ascii: "/")

    @inline(__always)
    private static func checked(_ byte: UInt8) throws(PathViolation) -> UInt8 {
        if byte < 0x20 || byte == 0x7F { throw .controlByte }
        return byte
    }

    private static func checkSegment(_ output: borrowing OutputSpan<UInt8>, from start: Int) throws(PathViolation) {
        let count = output.count - start
        guard count == 1 || count == 2, output[start] == UInt8(ascii: "."), output[output.count - 1] == output[start]
        else { return }
        throw .dotSegment
    }
}
