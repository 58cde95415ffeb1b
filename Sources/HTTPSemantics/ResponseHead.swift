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
        output.append(copying: "\r\n")
    }

    /// The same without the empty line.
    package func serializeLines(into output: inout [UInt8]) {
        output.reserveCapacity(output.count + Self.usualBytes)
        output.append(copying: "HTTP/1.1 ")
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 100 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(self.status.code % 10))
        output.append(UInt8(ascii: " "))
        output.append(copying: self.status.reason)
        output.append(copying: "\r\n")
        self.fields.appendLines(to: &output)
    }
}
