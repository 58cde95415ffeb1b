extension HeaderFields {
    /// Calls `body` once for each name, with the values of all fields of that name joined by `, ` as RFC 9110 section
    /// 5.3 says.
    package func forEachName(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        for index in self.indices {
            let name = self.name(at: index)
            guard self.firstIndex(of: name) == index else { continue }
            if self.firstIndex(of: name, from: index + 1) == nil {
                body(name, self.value(at: index))
            } else {
                body(name, self.joined(name).span)
            }
        }
    }

    private func joined(_ name: Span<UInt8>) -> [UInt8] {
        var joined: [UInt8] = []
        var start = 0
        while let index = self.firstIndex(of: name, from: start) {
            // Behind an empty value too.
            if start > 0 { joined.append(contentsOf: ", ".utf8) }
            joined.append(contentsOf: self.value(at: index).copied)
            start = index + 1
        }
        return joined
    }

    /// Calls `body` with each element of all fields called `name`, joined into one list as RFC 9110 section 5.3 says.
    ///
    /// Empty elements are skipped (section 5.6.1.2). One pass over the bytes: quoted strings are not
    /// understood, because no field read with this may contain one.
    package func forEachElement(ofList name: String, _ body: (Span<UInt8>) -> Void) {
        let name = name.utf8.span
        var start = 0
        while let index = self.firstIndex(of: name, from: start) {
            self.value(at: index).forEachElement(body)
            start = index + 1
        }
    }

    /// The elements of all fields called `name`, or nil when one of them is not a token.
    package func tokens(of name: String) -> [String]? {
        var tokens: [String]? = []
        self.forEachElement(ofList: name) { element in
            if element.isToken { tokens?.append(element.string) } else { tokens = nil }
        }
        return tokens
    }

    /// Whether a field such as `Connection: keep-alive, Upgrade` lists `token`, in whatever case.
    package func lists(_ token: String, in name: String) -> Bool {
        let token = token.utf8.span
        var isListed = false
        self.forEachElement(ofList: name) { element in
            if element.equalsIgnoringCase(token) { isListed = true }
        }
        return isListed
    }
}

extension Span<UInt8> {
    /// Each element of a list that is separated by commas, without white space around it; empty ones are skipped.
    fileprivate func forEachElement(_ body: (Span<UInt8>) -> Void) {
        var start = 0
        while start < self.count {
            let end = self.firstIndex(of: UInt8(ascii: ","), from: start) ?? self.count
            let element = self.trimmingOptionalWhitespace(start..<end)
            if !element.isEmpty { body(self.extracting(element)) }
            start = end + 1
        }
    }
}
