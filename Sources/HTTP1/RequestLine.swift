internal import HTTPSemantics

/// The first line of a request: `GET /path?query HTTP/1.1`.
struct RequestLine: Sendable {
    let method: String
    let target: RequestTarget
    let minorVersion: Int

    /// Exactly one space between the three parts: RFC 9112 allows to be lenient here, and those who were have
    /// been smuggled through.
    init(_ line: Span<UInt8>) throws(RequestHeadViolation) {
        let parts = line.copied.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformedRequestLine }
        guard parts[0].isToken else { throw .invalidMethod }
        self.minorVersion = try RequestLine.minorVersion(parts[2])
        self.method = String(decoding: parts[0], as: UTF8.self)
        if self.method == "CONNECT" { throw .connectMethod }
        self.target = try RequestTarget(parts[1], method: self.method)
    }

    /// A higher minor version is answered as 1.1, as RFC 9110 section 2.5 wants it.
    private static func minorVersion(_ text: ArraySlice<UInt8>) throws(RequestHeadViolation) -> Int {
        let digits = text.dropFirst("HTTP/".utf8.count)
        guard text.starts(with: "HTTP/".utf8), digits.count == 3,
            let major = digits.first, major.isASCIIDigit,
            digits.dropFirst().first == UInt8(ascii: "."),
            let minor = digits.last, minor.isASCIIDigit
        else { throw .malformedRequestLine }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return minor == UInt8(ascii: "0") ? 0 : 1
    }
}
