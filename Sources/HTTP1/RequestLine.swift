internal import HTTPSemantics

/// The first line of a request: `GET /path?query HTTP/1.1`.
struct RequestLine: Sendable {
    let method: String
    let target: RequestTarget
    let minorVersion: Int

    /// Exactly one space between the three parts: RFC 9112 allows to be lenient here, and those who were have
    /// been smuggled through.
    init(_ line: Span<UInt8>) throws(RequestHeadViolation) {
        guard let methodEnd = line.firstIndex(of: 0x20),
            let targetEnd = line.firstIndex(of: 0x20, from: methodEnd + 1),
            line.firstIndex(of: 0x20, from: targetEnd + 1) == nil
        else { throw .malformedRequestLine }
        let method = line.extracting(0..<methodEnd)
        guard method.isToken else { throw .invalidMethod }
        self.minorVersion = try RequestLine.minorVersion(line.extracting(targetEnd + 1..<line.count))
        self.method = method.string
        if self.method == "CONNECT" { throw .connectMethod }
        self.target = try RequestTarget(line.extracting(methodEnd + 1..<targetEnd), method: self.method)
    }

    /// A higher minor version is answered as 1.1, as RFC 9110 section 2.5 wants it.
    private static func minorVersion(_ text: Span<UInt8>) throws(RequestHeadViolation) -> Int {
        let name = "HTTP/".utf8.span
        guard text.count == name.count + 3 else { throw .malformedRequestLine }
        for index in name.indices where text[index] != name[index] { throw .malformedRequestLine }
        let (major, point, minor) = (text[name.count], text[name.count + 1], text[name.count + 2])
        guard major.isASCIIDigit, point == UInt8(ascii: "."), minor.isASCIIDigit else {
            throw .malformedRequestLine
        }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return minor == UInt8(ascii: "0") ? 0 : 1
    }
}
