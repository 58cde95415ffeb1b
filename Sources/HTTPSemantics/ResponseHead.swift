/// A response up to its body.
package struct ResponseHead: Hashable, Sendable {
    package var status: Status
    package var fields: HeaderFields

    package init(status: Status, fields: HeaderFields = [:]) {
        self.status = status
        self.fields = fields
    }

    /// Most heads fit, so that the buffer does not grow bit by bit.
    private static let usualBytes = 448

    /// Appends the head in the form of HTTP/1.1, with the empty line that ends it.
    package func serialize(into output: inout [UInt8]) {
        self.serializeLines(into: &output)
        ResponseHead.appendLineEnd(to: &output)
    }

    /// The same without the empty line.
    package func serializeLines(into output: inout [UInt8]) {
        output.reserveCapacity(output.count + Self.usualBytes)
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 100 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code % 10))
        output.append(UInt8(ascii: " "))
        ResponseHead.append(self.status.reason.utf8.span, to: &output)
        ResponseHead.appendLineEnd(to: &output)
        ResponseHead.append(self.fields, to: &output)
    }

    /// Appends field lines, those of a head or of trailers.
    package static func append(_ fields: HeaderFields, to output: inout [UInt8]) {
        let start = output.count
        for field in fields {
            output.append(contentsOf: field.name.utf8)
            output.append(UInt8(ascii: ":"))
            output.append(UInt8(ascii: " "))
            output.append(contentsOf: field.value.bytes)
            ResponseHead.appendLineEnd(to: &output)
        }
        // Nearly all are clean, which one look at the whole shows: each line has its own end and no other.
        guard ResponseHead.countBreaks(output.span.extracting(start...)) != 2 * fields.count else { return }
        output.removeSubrange(start...)
        for field in fields {
            ResponseHead.append(field.name.utf8.span, to: &output)
            ResponseHead.append(": ".utf8.span, to: &output)
            ResponseHead.append(field.value.bytes.span, to: &output)
            ResponseHead.appendLineEnd(to: &output)
        }
    }

    private static func countBreaks(_ text: Span<UInt8>) -> Int {
        var count = 0
        for index in text.indices {
            let byte = text[index]
            // One comparison for nearly every byte.
            if byte <= 0x0D, byte == 0x0D || byte == 0x0A || byte == 0 { count += 1 }
        }
        return count
    }

    /// Line breaks and NUL become spaces: whoever supplied the text cannot end the line early (response
    /// splitting).
    private static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
        for index in text.indices {
            let byte = text[index]
            let breaksLine = byte == 0x0D || byte == 0x0A || byte == 0
            output.append(breaksLine ? UInt8(ascii: " ") : byte)
        }
    }

    private static func appendLineEnd(to output: inout [UInt8]) {
        output.append(0x0D)
        output.append(0x0A)
    }
}
