internal import HTTPConnection
internal import HTTPSemantics
internal import SystemCalls

/// The environment of a session's child: CGI/1.1 (RFC 3875) after what the route gives.
struct ChildEnvironment {
    /// Variables made of header fields, at most, and bytes of them: execve(2) takes 128 KiB a string and a quarter of
    /// the stack in all, and the head is limited to much less; this bounds it whatever the head's limits are.
    private static let fieldsMax = 128
    private static let fieldBytesMax = 64 << 10

    private(set) var entries: [[UInt8]]

    /// `entries` as execve(2) takes them: `NAME=value`.
    init(_ exchange: Exchange, base: [[UInt8]], serverVersion: String, passesCookies: Bool) {
        self.entries = base
        let head = exchange.head
        let client = exchange.client
        self.set("SERVER_SOFTWARE", "wsbridge/\(serverVersion)")
        self.set("GATEWAY_INTERFACE", "CGI/1.1")
        self.set("SERVER_PROTOCOL", "HTTP/1.\(head.minorVersion)")
        self.set("SERVER_NAME", head.authority?.host ?? client.listener.host)
        let port = head.authority?.port ?? client.listener.port ?? (client.isTLS ? 443 : 80)
        self.set("SERVER_PORT", String(port))
        self.set("REQUEST_METHOD", head.method)
        self.set("REQUEST_URI", head.target)
        self.set("SCRIPT_NAME", "")
        self.set("PATH_INFO", bytes: (try? head.percentDecodedPath) ?? Array(head.path.utf8))
        self.set("QUERY_STRING", head.query ?? "")
        self.set("REMOTE_ADDR", client.address.host)
        self.set("REMOTE_HOST", client.address.host)
        self.set("REMOTE_PORT", client.address.port.map { String($0) } ?? "")
        self.set("AUTH_TYPE", "")
        self.set("REMOTE_USER", "")
        if client.isTLS { self.set("HTTPS", "on") }
        switch client.certificate {
        case .verified(let subject):
            self.set("SSL_CLIENT_VERIFY", "SUCCESS")
            self.set("SSL_CLIENT_S_DN", subject)
        case ClientCertificate.none?: self.set("SSL_CLIENT_VERIFY", "NONE")
        case nil: break
        }
        self.addFields(head.fields, passesCookies: passesCookies)
    }

    /// `HTTP_*`, repeats joined. A name with anything but letters, digits and `-` is dropped, so that no two names meet
    /// in one variable. `Proxy` would become HTTP_PROXY, which programs obey (httpoxy); credentials stay here.
    private mutating func addFields(_ fields: HeaderFields, passesCookies: Bool) {
        var values: [(name: String, value: [UInt8])] = []
        var byteCount = 0
        for field in fields {
            guard let name = Self.variable(field.name, passesCookies: passesCookies) else { continue }
            byteCount += name.utf8.count + field.value.bytes.count + 2
            guard byteCount <= Self.fieldBytesMax else { break }
            if let index = values.firstIndex(where: { $0.name == name }) {
                values[index].value += Array(", ".utf8) + field.value.bytes
            } else if values.count < Self.fieldsMax {
                values.append((name, field.value.bytes))
            }
        }
        for (name, value) in values { self.set(name, bytes: value) }
    }

    private static func variable(_ name: String, passesCookies: Bool) -> String? {
        var variable = Array("HTTP_".utf8)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): variable.append(byte & 0xDF)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): variable.append(byte)
            case UInt8(ascii: "-"): variable.append(UInt8(ascii: "_"))
            default: return nil
            }
        }
        let text = String(decoding: variable, as: UTF8.self)
        switch text {
        case "HTTP_PROXY", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION": return nil
        case "HTTP_COOKIE": return passesCookies ? text : nil
        default: return text
        }
    }

    private mutating func set(_ name: String, _ value: String) {
        self.set(name, bytes: Array(value.utf8))
    }

    private mutating func set(_ name: String, bytes: [UInt8]) {
        self.entries.append(Array(name.utf8) + [UInt8(ascii: "=")] + bytes.filter { $0 != 0 })
    }
}
