extension HeaderFields {
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
