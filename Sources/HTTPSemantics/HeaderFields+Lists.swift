extension HeaderFields {
    /// Calls `body` once for each name, with the values of all fields of that name joined by `, ` as RFC 9110 section
    /// 5.3 says.
    package func forEachName(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        for (index, field) in self.enumerated() {
            guard !self.isNamed(field.name, in: 0..<index) else { continue }
            let name = field.name.utf8.span
            if self.isNamed(field.name, in: index + 1..<self.count) {
                body(name, self.joined(field.name).span)
            } else {
                body(name, field.value.bytes.span)
            }
        }
    }

    private func isNamed(_ name: String, in range: Range<Int>) -> Bool {
        for index in range where self[index].isNamed(name) { return true }
        return false
    }

    private func joined(_ name: String) -> [UInt8] {
        var joined: [UInt8] = []
        for (index, value) in self.all(name).enumerated() {
            if index > 0 { joined.append(contentsOf: ", ".utf8) }
            joined.append(contentsOf: value.bytes)
        }
        return joined
    }

    /// Calls `body` with each element of all fields called `name`, joined into one list as RFC 9110 section 5.3 says.
    ///
    /// Empty elements are skipped (section 5.6.1.2). One pass over the bytes: quoted strings are not
    /// understood, because no field read with this may contain one.
    package func forEachElement(ofList name: String, _ body: (Span<UInt8>) -> Void) {
        for field in self where field.isNamed(name) {
            let bytes = field.value.bytes.span
            var start = 0
            while start < bytes.count {
                let end = bytes.firstIndex(of: UInt8(ascii: ","), from: start) ?? bytes.count
                let element = bytes.trimmingOptionalWhitespace(start..<end)
                if !element.isEmpty { body(bytes.extracting(element)) }
                start = end + 1
            }
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
        var isListed = false
        self.forEachElement(ofList: name) { element in
            if element.equalsIgnoringCase(token) { isListed = true }
        }
        return isListed
    }
}
