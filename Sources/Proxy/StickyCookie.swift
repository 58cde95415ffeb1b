internal import HTTPSemantics

/// The cookie that leads a client back to the server that knows it. It holds the server's key in hexadecimal digits,
/// and nothing that tells where the server is.
enum StickyCookie {
    /// The key in a client's cookie; nil: it has none, or none of ours.
    static func server(in fields: HeaderFields, name: String) -> UInt64? {
        for field in fields.all("Cookie") {
            for pair in field.bytes.split(separator: UInt8(ascii: ";")) {
                let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
                guard trimmed.starts(with: name.utf8), trimmed.count == name.utf8.count + 1 + Self.digits,
                    trimmed[trimmed.startIndex + name.utf8.count] == UInt8(ascii: "=")
                else { continue }
                let value = String(decoding: trimmed.suffix(Self.digits), as: UTF8.self)
                if let key = UInt64(value, radix: 16) { return key }
            }
        }
        return nil
    }

    /// Tells the client its server, unless it knows it already.
    static func add(
        _ name: String, _ key: UInt64, to fields: inout HeaderFields, request: HeaderFields, isTLS: Bool
    ) {
        guard Self.server(in: request, name: name) != key else { return }
        let digits = String(key, radix: 16)
        let value = String(repeating: "0", count: Self.digits - digits.count) + digits
        let secure = isTLS ? "; Secure" : ""
        fields.append("Set-Cookie", FieldValue("\(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(secure)"))
    }

    private static let digits = 16
}
