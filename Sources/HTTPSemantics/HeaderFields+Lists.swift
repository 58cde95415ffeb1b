extension HeaderFields {
    /// The elements of all fields called `name`, joined into one list as RFC 9110 section 5.3 says.
    ///
    /// Empty elements are skipped (section 5.6.1.2). One pass over the bytes: quoted strings are not
    /// understood, because no field read with this may contain one.
    package func listElements(of name: String) -> [ArraySlice<UInt8>] {
        var elements: [ArraySlice<UInt8>] = []
        for value in self.all(name) {
            for part in value.bytes.split(separator: UInt8(ascii: ",")) {
                let element = part.trimmingOptionalWhitespace
                if !element.isEmpty { elements.append(element) }
            }
        }
        return elements
    }

    /// The elements of all fields called `name`, or nil when one of them is not a token.
    package func tokens(of name: String) -> [String]? {
        var tokens: [String] = []
        for element in self.listElements(of: name) {
            guard element.isToken else { return nil }
            tokens.append(String(decoding: element, as: UTF8.self))
        }
        return tokens
    }

    /// Whether a field such as `Connection: keep-alive, Upgrade` lists `token`, in whatever case.
    package func lists(_ token: String, in name: String) -> Bool {
        self.listElements(of: name).contains { $0.equalsIgnoringCase(token.utf8) }
    }
}
