/// A response up to its body.
package struct ResponseHead: Hashable, Sendable {
    package var status: Status
    package var fields: HeaderFields

    package init(status: Status, fields: HeaderFields = [:]) {
        self.status = status
        self.fields = fields
    }

    /// Appends the head in the form of HTTP/1.1, with the empty line that ends it.
    package func serialize(into output: inout [UInt8]) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 100 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code % 10))
        output.append(UInt8(ascii: " "))
        ResponseHead.append(self.status.reason.utf8, to: &output)
        ResponseHead.appendLineEnd(to: &output)
        for field in self.fields {
            ResponseHead.append(field.name.utf8, to: &output)
            output.append(contentsOf: ": ".utf8)
            ResponseHead.append(field.value.bytes, to: &output)
            ResponseHead.appendLineEnd(to: &output)
        }
        ResponseHead.appendLineEnd(to: &output)
    }

    /// Line breaks and NUL become spaces: whoever supplied the text cannot end the line early (response
    /// splitting).
    private static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in text {
            let breaksLine = byte == 0x0D || byte == 0x0A || byte == 0
            output.append(breaksLine ? UInt8(ascii: " ") : byte)
        }
    }

    private static func appendLineEnd(to output: inout [UInt8]) {
        output.append(0x0D)
        output.append(0x0A)
    }
}
