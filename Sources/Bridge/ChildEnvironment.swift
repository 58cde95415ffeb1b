internal import HTTPConnection
internal import HTTPSemantics
internal import Routing
internal import SystemCalls

/// The environment of a session's child: CGI/1.1 (RFC 3875) after what the route gives.
struct ChildEnvironment {
    /// Variables made of header fields, at most, and bytes of them: execve(2) takes 128 KiB a string and a quarter of
    /// the stack in all, and the head is limited to much less; this bounds it whatever the head's limits are.
    private static let fieldsMax = 128
    private static let fieldBytesMax = 64 << 10
    /// What comes beside the fields of the head, with room for what the spawner adds: a wish, and no limit.
    private static let ownCount = 16
    private static let ownBytes = 384

    /// As execve(2) takes them: `NAME=value`.
    private(set) var entries: CStringArray

    /// What is the same for all children of a route, `base` first.
    static func common(_ base: CStringArray, serverVersion: String) -> CStringArray {
        var entries = base
        entries.append("SERVER_SOFTWARE", "wsbridge/\(serverVersion)")
        entries.append("GATEWAY_INTERFACE", "CGI/1.1")
        entries.append("AUTH_TYPE", "")
        entries.append("REMOTE_USER", "")
        return entries
    }

    init(_ exchange: Exchange, at path: RoutedPath, common: CStringArray, passesCookies: Bool) {
        self.entries = common
        self.reserve(for: exchange.head)
        self.addRequest(exchange.head)
        self.addPath(path)
        self.addParties(exchange.client, exchange.head.authority)
        self.addFields(exchange.head.fields, passesCookies: passesCookies)
    }

    /// About what it takes: a block that grew bit by bit would be up to twice as large, and each child that is waited
    /// for has one.
    private mutating func reserve(for head: borrowing RequestHead) {
        let fieldBytes = head.fields.indices.reduce(0) {
            $0 + "HTTP_=0".utf8.count + head.fields.name(at: $1).count + head.fields.value(at: $1).count
        }
        self.entries.reserve(
            count: Self.ownCount + head.fields.count, bytes: Self.ownBytes + 2 * head.target.utf8.count + fieldBytes)
    }

    private mutating func addRequest(_ head: borrowing RequestHead) {
        self.entries.append("SERVER_PROTOCOL", head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1")
        self.entries.append("REQUEST_METHOD", head.method)
        self.entries.append("REQUEST_URI", head.target)
        self.entries.append("QUERY_STRING", head.query ?? "")
    }

    private mutating func addPath(_ path: RoutedPath) {
        self.entries.append("SCRIPT_NAME", path.scriptName.span)
        self.entries.append("PATH_INFO", path.pathInfo.span)
        for capture in path.captures {
            let name = Array("\(PathPattern.variable(ofCapture: capture.name))=".utf8)
            self.entries.append(bytes: (name + capture.value).span)
        }
    }

    private mutating func addParties(_ client: ClientConnection, _ authority: Authority?) {
        self.entries.append("SERVER_NAME", authority?.host ?? client.listener.host)
        let port = authority?.port ?? client.listener.port ?? (client.isTLS ? 443 : 80)
        self.entries.append("SERVER_PORT", String(port))
        let host = client.address.host
        self.entries.append("REMOTE_ADDR", host)
        self.entries.append("REMOTE_HOST", host)
        self.entries.append("REMOTE_PORT", client.address.port.map { String($0) } ?? "")
        if client.isTLS { self.entries.append("HTTPS", "on") }
        switch client.certificate {
        case .verified(let subject):
            self.entries.append("SSL_CLIENT_VERIFY", "SUCCESS")
            self.entries.append("SSL_CLIENT_S_DN", subject)
        case ClientCertificate.none?: self.entries.append("SSL_CLIENT_VERIFY", "NONE")
        case nil: break
        }
    }

    /// `HTTP_*`, repeats joined. A name with anything but letters, digits and `-` is dropped, so that no two names meet
    /// in one variable. `Proxy` would become HTTP_PROXY, which programs obey (httpoxy); credentials stay here.
    private mutating func addFields(_ fields: HeaderFields, passesCookies: Bool) {
        var (variables, byteCount) = (0, 0)
        fields.forEachName { name, value in
            guard Self.isPassed(name, passesCookies: passesCookies) else { return }
            variables += 1
            byteCount += "HTTP_=".utf8.count + name.count + value.count
            guard variables <= Self.fieldsMax, byteCount <= Self.fieldBytesMax else { return }
            self.addVariable(name, value)
        }
    }

    private static func isPassed(_ name: Span<UInt8>, passesCookies: Bool) -> Bool {
        for index in name.indices {
            let byte = name[index]
            guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") else { return false }
        }
        // Most names have another length than all of these.
        switch name.count {
        case 5: return !name.equalsIgnoringCase("Proxy")
        case 6: return passesCookies || !name.equalsIgnoringCase("Cookie")
        case 13: return !name.equalsIgnoringCase("Authorization")
        case 19: return !name.equalsIgnoringCase("Proxy-Authorization")
        default: return true
        }
    }

    private mutating func addVariable(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        self.entries.begin()
        self.entries.put("HTTP_".utf8.span)
        for index in name.indices {
            let byte = name[index]
            let isLowercase = byte >= UInt8(ascii: "a")
            self.entries.put(byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : isLowercase ? byte & 0xDF : byte)
        }
        self.entries.put(UInt8(ascii: "="))
        self.entries.put(value)
        self.entries.end()
    }
}
