internal import HTTPConnection
internal import HTTPSemantics
internal import SystemCalls

/// The environment of a session's child: CGI/1.1 (RFC 3875) after what the route gives.
struct ChildEnvironment {
    /// Variables made of header fields, at most, and bytes of them: execve(2) takes 128 KiB a string and a quarter of
    /// the stack in all, and the head is limited to much less; this bounds it whatever the head's limits are.
    private static let fieldsMax = 128
    private static let fieldBytesMax = 64 << 10
    /// Most environments fit, so that the block does not grow bit by bit: a wish, and no limit.
    private static let usualCount = 32
    private static let usualBytes = 1024

    /// As execve(2) takes them: `NAME=value`.
    private(set) var entries: CStringArray

    /// What is the same for all children of a route, `base` first.
    static func common(_ base: CStringArray, serverVersion: String) -> CStringArray {
        var entries = base
        entries.append("SERVER_SOFTWARE", "wsbridge/\(serverVersion)")
        entries.append("GATEWAY_INTERFACE", "CGI/1.1")
        entries.append("SCRIPT_NAME", "")
        entries.append("AUTH_TYPE", "")
        entries.append("REMOTE_USER", "")
        return entries
    }

    init(_ exchange: Exchange, common: CStringArray, passesCookies: Bool) {
        self.entries = common
        self.entries.reserve(count: Self.usualCount, bytes: Self.usualBytes)
        let head = exchange.head
        let client = exchange.client
        self.entries.append("SERVER_PROTOCOL", head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1")
        self.entries.append("SERVER_NAME", head.authority?.host ?? client.listener.host)
        let port = head.authority?.port ?? client.listener.port ?? (client.isTLS ? 443 : 80)
        self.entries.append("SERVER_PORT", String(port))
        self.entries.append("REQUEST_METHOD", head.method)
        self.entries.append("REQUEST_URI", head.target)
        let path = (try? head.percentDecodedPath) ?? Array(head.path.utf8)
        self.entries.append("PATH_INFO", path.span)
        self.entries.append("QUERY_STRING", head.query ?? "")
        let host = client.address.host
        self.entries.append("REMOTE_ADDR", host)
        self.entries.append("REMOTE_HOST", host)
        self.entries.append("REMOTE_PORT", client.address.port.map { String($0) } ?? "")
        if client.isTLS { self.entries.append("HTTPS", "on") }
        self.addFields(head.fields, passesCookies: passesCookies)
    }

    /// `HTTP_*`, repeats joined. A name with anything but letters, digits and `-` is dropped, so that no two names meet
    /// in one variable. `Proxy` would become HTTP_PROXY, which programs obey (httpoxy); credentials stay here.
    private mutating func addFields(_ fields: HeaderFields, passesCookies: Bool) {
        let fields = Self.passed(fields, passesCookies: passesCookies)
        var variables = 0
        for index in fields.indices where variables < Self.fieldsMax {
            let name = fields[index].name
            guard !(0..<index).contains(where: { fields[$0].isNamed(name) }) else { continue }
            variables += 1
            self.entries.append(bytes: Self.variable(index, of: fields).span)
        }
    }

    private static func passed(_ fields: HeaderFields, passesCookies: Bool) -> [HeaderFields.Field] {
        var passed: [HeaderFields.Field] = []
        var byteCount = 0
        for field in fields where Self.isPassed(field.name.utf8.span, passesCookies: passesCookies) {
            byteCount += "HTTP_=, ".utf8.count + field.name.utf8.count + field.value.bytes.count
            guard byteCount <= Self.fieldBytesMax else { break }
            passed.append(field)
        }
        return passed
    }

    private static func isPassed(_ name: Span<UInt8>, passesCookies: Bool) -> Bool {
        for index in name.indices {
            let byte = name[index]
            guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") else { return false }
        }
        if name.equalsIgnoringCase("Proxy") || name.equalsIgnoringCase("Authorization") { return false }
        if name.equalsIgnoringCase("Proxy-Authorization") { return false }
        return passesCookies || !name.equalsIgnoringCase("Cookie")
    }

    /// The field at `index`, and what the later ones of its name add to it.
    private static func variable(_ index: Int, of fields: [HeaderFields.Field]) -> [UInt8] {
        let field = fields[index]
        let name = field.name.utf8.span
        var variable: [UInt8] = []
        variable.reserveCapacity("HTTP_=".utf8.count + name.count + field.value.bytes.count)
        variable.append(contentsOf: "HTTP_".utf8)
        for position in name.indices {
            let byte = name[position]
            let isLowercase = byte >= UInt8(ascii: "a")
            variable.append(byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : isLowercase ? byte & 0xDF : byte)
        }
        variable.append(UInt8(ascii: "="))
        variable.append(contentsOf: field.value.bytes)
        for later in index + 1..<fields.count where fields[later].isNamed(field.name) {
            variable.append(contentsOf: ", ".utf8)
            variable.append(contentsOf: fields[later].value.bytes)
        }
        return variable
    }
}
