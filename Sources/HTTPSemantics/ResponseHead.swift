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
        output.append(contentsOf: "\r\n".utf8)
    }

    /// The same without the empty line.
    package func serializeLines(into output: inout [UInt8]) {
        output.reserveCapacity(output.count + Self.usualBytes)
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 100 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code % 10))
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: self.status.reason.utf8)
        output.append(contentsOf: "\r\n".utf8)
        self.fields.appendLines(to: &output)
    }
}
