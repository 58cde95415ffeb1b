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
        ResponseHead.append("HTTP/1.1 ", to: &output)
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 100 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code % 10))
        output.append(UInt8(ascii: " "))
        ResponseHead.append(self.status.reason, to: &output)
        ResponseHead.appendLineEnd(to: &output)
        ResponseHead.append(self.fields, to: &output)
    }

    /// Appends field lines, those of a head or of trailers.
    package static func append(_ fields: HeaderFields, to output: inout [UInt8]) {
        for field in fields {
            ResponseHead.append(field.name, to: &output)
            ResponseHead.append(": ", to: &output)
            ResponseHead.append(field.value.bytes, to: &output)
            ResponseHead.appendLineEnd(to: &output)
        }
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

    private static func append(_ text: String, to output: inout [UInt8]) {
        let bytes = text.utf8.span
        if ResponseHead.breaksLine(bytes) { return ResponseHead.append(bytes, to: &output) }
        output.append(contentsOf: text.utf8)
    }

    /// Nearly all values are clean, and copied as a whole.
    private static func append(_ text: [UInt8], to output: inout [UInt8]) {
        if ResponseHead.breaksLine(text.span) { return ResponseHead.append(text.span, to: &output) }
        output.append(contentsOf: text)
    }

    private static func breaksLine(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            // One comparison for nearly every byte.
            if byte <= 0x0D, byte == 0x0D || byte == 0x0A || byte == 0 { return true }
        }
        return false
    }

    private static func appendLineEnd(to output: inout [UInt8]) {
        output.append(0x0D)
        output.append(0x0A)
    }
}
