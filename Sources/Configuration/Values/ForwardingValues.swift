internal import Forwarding
internal import HTTPSemantics
internal import Upstreams

/// The value of `--proxy`: `http://127.0.0.1:3000`, `https://app.example`, `unix:/run/app.sock`.
struct ProxyURL: OptionValue {
    let address: UpstreamAddress
    let isTLS: Bool
    let description: String

    init(parsing text: String) throws(ValueFault) {
        self.description = text
        if text.hasPrefix("unix:") {
            self.address = try SocketPath(parsing: text).address
            self.isTLS = false
            return
        }
        let schemes = [("http://", UInt16(80)), ("https://", 443)]
        guard let (scheme, port) = schemes.first(where: { text.lowercased().hasPrefix($0.0) }) else {
            let isWebSocket = text.hasPrefix("ws://") || text.hasPrefix("wss://")
            throw ValueFault(
                "is no http or https URL",
                remedy: isWebSocket ? "write http for ws and https for wss" : "write one like http://127.0.0.1:3000")
        }
        self.isTLS = scheme == "https://"
        var rest = text.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains("/"), !rest.contains("?"), !rest.contains("#") else {
            throw ValueFault("has a path", remedy: "leave it out; --rewrite changes the front of paths")
        }
        guard !rest.contains("@") else {
            throw ValueFault("has a user name", remedy: "leave it out; --request-header sets Authorization")
        }
        let hasPort = rest.hasPrefix("[") ? !rest.hasSuffix("]") : rest.contains(":")
        self.address = try HostAndPort(parsing: hasPort ? String(rest) : "\(rest):\(port)").address
    }
}

/// The front of a path: begins with `/`, does not end with it; `/` alone is empty.
struct PathPrefix: OptionValue {
    let text: String
    var description: String { self.text.isEmpty ? "/" : self.text }

    init(parsing text: String) throws(ValueFault) {
        guard text.hasPrefix("/"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("?"),
            !text.contains("#"), !text.contains("//")
        else { throw ValueFault("not a path", remedy: "write one like /api, escaped as in a URL") }
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

/// `FROM=TO`
struct RewriteText: OptionValue {
    let rewrite: PathRewrite
    var description: String { "\(self.rewrite.from)=\(self.rewrite.to)" }

    init(parsing text: String) throws(ValueFault) {
        guard let mark = text.firstIndex(of: "=") else {
            throw ValueFault("has no =", remedy: "write /old=/new")
        }
        self.rewrite = PathRewrite(
            from: try PathPrefix(parsing: String(text[..<mark])).text,
            to: try PathPrefix(parsing: String(text[text.index(after: mark)...])).text)
    }
}

/// `Name: value` sets, `+Name: value` adds, `-Name` removes.
struct FieldEditText: OptionValue {
    let edit: FieldEdit
    let description: String

    /// Fields that say where a message ends or whom it is for: they are ours to write.
    private static let reserved = [
        "connection", "content-length", "transfer-encoding", "upgrade", "host", "te", "trailer", "keep-alive",
        "sec-websocket-key", "sec-websocket-accept", "sec-websocket-version", "sec-websocket-extensions",
    ]

    init(parsing text: String) throws(ValueFault) {
        self.description = text
        if text.hasPrefix("-") {
            self.edit = .remove(try Self.name(text.dropFirst()))
            return
        }
        let isAdded = text.hasPrefix("+")
        let rest = isAdded ? text.dropFirst() : text[...]
        guard let colon = rest.firstIndex(of: ":") else {
            throw ValueFault("has no colon", remedy: "write 'Name: value', '+Name: value' or '-Name'")
        }
        let name = try Self.name(rest[..<colon])
        let value = String(rest[rest.index(after: colon)...].drop { $0 == " " })
        guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw ValueFault("has a control character in its value", remedy: "leave it out")
        }
        self.edit = isAdded ? .add(name, FieldValue(value)) : .set(name, FieldValue(value))
    }

    private static func name(_ text: Substring) throws(ValueFault) -> String {
        let name = String(text)
        guard (try? AccessNames.subprotocol(name)) != nil else {
            throw ValueFault("has no header name", remedy: "write 'Name: value', '+Name: value' or '-Name'")
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            let remedy = name.lowercased() == "host" ? "use --upstream-host" : "leave it out"
            throw ValueFault("\(name) is written by the server itself", remedy: remedy)
        }
        return name
    }
}
