internal import HTTPSemantics

extension RequestLine {
    /// The whole head, once all field lines are known; checks what the fields say together.
    func head(with fields: HeaderFields) throws(RequestHeadViolation) -> RequestHead {
        let authority = try self.authority(fields)
        let body = try self.body(fields)
        var head = RequestHead(
            method: self.method, target: self.target.originForm, minorVersion: self.minorVersion,
            authority: authority, fields: fields, body: body)
        head.target = self.target.text
        return head
    }

    /// Whom the request is for. A target with a host of its own must agree with the Host field, so that
    /// nobody behind us can come to another answer than we did.
    private func authority(_ fields: HeaderFields) throws(RequestHeadViolation) -> Authority? {
        guard let index = fields.onlyIndex(of: "Host") else {
            if fields.contains("Host") { throw .duplicateHost }
            if self.minorVersion >= 1 { throw .missingHost }
            return self.target.absolute?.authority
        }
        let host = fields.value(at: index)
        let authority = Authority(host)
        // An empty Host is what a client sends whose URL has no host; RFC 9112 section 3.2 allows it.
        if authority == nil && !host.isEmpty { throw .invalidHost }
        guard let (scheme, ofTarget) = self.target.absolute else { return authority }
        guard let authority, authority.host == ofTarget.host,
            authority.port(orDefaultOf: scheme) == ofTarget.port(orDefaultOf: scheme)
        else { throw .hostDiffersFromTarget }
        return authority
    }

    /// Where the body ends, under the strictest reading of RFC 9112 section 6: what two parsers could read in
    /// two ways is refused.
    private func body(_ fields: HeaderFields) throws(RequestHeadViolation) -> RequestBody {
        let hasLength = fields.contains("Content-Length")
        if fields.contains("Transfer-Encoding") {
            guard !hasLength else { throw .contentLengthWithTransferEncoding }
            return try self.codedBody(fields)
        }
        guard hasLength else { return .none }
        guard let index = fields.onlyIndex(of: "Content-Length") else { throw .duplicateContentLength }
        guard let count = fields.value(at: index).decimal else { throw .invalidContentLength }
        return count == 0 ? .none : .length(count)
    }

    private func codedBody(_ fields: HeaderFields) throws(RequestHeadViolation) -> RequestBody {
        guard self.minorVersion >= 1 else { throw .transferEncodingBeforeHTTP11 }
        var isChunked: [Bool] = []
        fields.forEachElement(ofList: "Transfer-Encoding") { coding in
            isChunked.append(coding.equalsIgnoringCase("chunked"))
        }
        guard isChunked.last == true, isChunked.count(where: { $0 }) == 1 else {
            throw .invalidTransferEncoding
        }
        guard isChunked.count == 1 else { throw .unsupportedTransferCoding }
        return .chunked
    }
}
