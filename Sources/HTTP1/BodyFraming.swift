package import HTTPSemantics

/// How the end of a body is found (RFC 9112 section 6).
package enum BodyFraming: Hashable, Sendable {
    /// There is none.
    case none
    /// So many bytes, at least one.
    case length(Int)
    case chunked
    /// Everything up to the end of the connection. Answers only.
    case untilClose
}

extension BodyFraming {
    /// Of a request, whose parser has seen to it that there is one reading only.
    package init(_ body: RequestBody) {
        switch body {
        case .none: self = .none
        case .length(let count): self = .length(count)
        case .chunked: self = .chunked
        }
    }

    /// Of an answer to a request with this method. What two readers could read in two ways is refused.
    package init(of answer: ReceivedHead, to method: String) throws(ResponseViolation) {
        let fields = answer.head.fields
        let length = try Self.length(fields)
        let isCoded = fields.contains("Transfer-Encoding")
        if isCoded {
            guard length == nil else { throw .contentLengthWithTransferEncoding }
            guard answer.minorVersion >= 1 else { throw .transferEncodingBeforeHTTP11 }
            guard Self.isChunkedAlone(fields) else { throw .unsupportedTransferCoding }
        }
        let code = answer.head.status.code
        if method == "HEAD" || code < 200 || code == 204 || code == 304 {
            self = .none
        } else if isCoded {
            self = .chunked
        } else if let length {
            self = length == 0 ? .none : .length(length)
        } else {
            self = .untilClose
        }
    }

    private static func length(_ fields: HeaderFields) throws(ResponseViolation) -> Int? {
        guard fields.contains("Content-Length") else { return nil }
        guard let index = fields.onlyIndex(of: "Content-Length") else { throw .duplicateContentLength }
        guard let length = fields.value(at: index).decimal else { throw .invalidContentLength }
        return length
    }

    private static func isChunkedAlone(_ fields: HeaderFields) -> Bool {
        var codings = 0
        fields.forEachElement(ofList: "Transfer-Encoding") { _ in codings += 1 }
        return codings == 1 && fields.lists("chunked", in: "Transfer-Encoding")
    }
}
