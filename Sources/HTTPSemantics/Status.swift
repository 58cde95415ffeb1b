/// The status of a response: the code and the words that go with it on the wire.
package struct Status: Sendable {
    /// Three digits, 100 to 999.
    package let code: UInt16
    package let reason: String

    private init(known code: UInt16, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// A status that somebody else chose, such as an upstream; nil when `code` has not three digits. Line breaks and
    /// NUL become spaces, as in fields.
    package init?(code: Int, reason: String) {
        guard (100...999).contains(code) else { return nil }
        let isClean = !reason.utf8.contains(where: \.breaksLines)
        let words = isClean ? reason : String(decoding: reason.utf8.map { $0.breaksLines ? 0x20 : $0 }, as: UTF8.self)
        self.init(known: UInt16(code), words)
    }
}

extension Status: Hashable {
    /// The code alone counts: the words are for people, and HTTP/2 has none.
    package static func == (one: Status, other: Status) -> Bool { one.code == other.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}

extension Status: CustomStringConvertible {
    package var description: String { "\(self.code) \(self.reason)" }
}

extension Status {
    package static let switchingProtocols = Status(known: 101, "Switching Protocols")
    package static let ok = Status(known: 200, "OK")
    package static let noContent = Status(known: 204, "No Content")
    package static let partialContent = Status(known: 206, "Partial Content")
    package static let movedPermanently = Status(known: 301, "Moved Permanently")
    package static let found = Status(known: 302, "Found")
    package static let seeOther = Status(known: 303, "See Other")
    package static let notModified = Status(known: 304, "Not Modified")
    package static let temporaryRedirect = Status(known: 307, "Temporary Redirect")
    package static let permanentRedirect = Status(known: 308, "Permanent Redirect")

    package static let badRequest = Status(known: 400, "Bad Request")
    package static let unauthorized = Status(known: 401, "Unauthorized")
    package static let forbidden = Status(known: 403, "Forbidden")
    package static let notFound = Status(known: 404, "Not Found")
    package static let methodNotAllowed = Status(known: 405, "Method Not Allowed")
    package static let requestTimeout = Status(known: 408, "Request Timeout")
    package static let lengthRequired = Status(known: 411, "Length Required")
    package static let preconditionFailed = Status(known: 412, "Precondition Failed")
    package static let contentTooLarge = Status(known: 413, "Content Too Large")
    package static let uriTooLong = Status(known: 414, "URI Too Long")
    package static let rangeNotSatisfiable = Status(known: 416, "Range Not Satisfiable")
    package static let expectationFailed = Status(known: 417, "Expectation Failed")
    package static let misdirectedRequest = Status(known: 421, "Misdirected Request")
    package static let upgradeRequired = Status(known: 426, "Upgrade Required")
    package static let tooManyRequests = Status(known: 429, "Too Many Requests")
    package static let requestHeaderFieldsTooLarge = Status(known: 431, "Request Header Fields Too Large")

    package static let internalServerError = Status(known: 500, "Internal Server Error")
    package static let notImplemented = Status(known: 501, "Not Implemented")
    package static let badGateway = Status(known: 502, "Bad Gateway")
    package static let serviceUnavailable = Status(known: 503, "Service Unavailable")
    package static let gatewayTimeout = Status(known: 504, "Gateway Timeout")
    package static let httpVersionNotSupported = Status(known: 505, "HTTP Version Not Supported")
}
