internal import Addresses
internal import HTTPSemantics

/// What the server is told about where a request came from: `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`
/// (RFC 7239).
///
/// The client's own words are believed only if it is a trusted proxy; then we are one more in its list. Of anybody else
/// every field of this kind goes, those included that a server which takes `_` for `-` would confuse with them.
enum ForwardedFields {
    /// `host`: what the client called this server.
    static func put(
        into fields: inout HeaderFields, about requester: Requester, host: FieldValue?, strippedPrefix: String?,
        isTrusted: Bool
    ) {
        let before = isTrusted ? fields : [:]
        fields.removeAll { Self.isAboutForwarding($0, keepsRest: isTrusted) }
        let address = requester.address?.plainDescription
        if let address { Self.append("X-Forwarded-For", Array(address.utf8), behind: before, to: &fields) }
        let scheme = requester.isTLS ? Self.https : Self.http
        fields.append("X-Forwarded-Proto", before.first("X-Forwarded-Proto") ?? scheme)
        if let host = before.first("X-Forwarded-Host") ?? host { fields.append("X-Forwarded-Host", host) }
        if let strippedPrefix { fields.append("X-Forwarded-Prefix", FieldValue(strippedPrefix)) }
        let element = Self.element(address: address ?? "unknown", host: host, scheme: scheme)
        Self.append("Forwarded", element, behind: before, to: &fields)
    }

    private static let http: FieldValue = "http"
    private static let https: FieldValue = "https"

    /// One more in a list, as one field.
    private static func append(
        _ name: String, _ value: [UInt8], behind before: HeaderFields, to fields: inout HeaderFields
    ) {
        guard before.contains(name) else { return fields.append(name, FieldValue(bytes: value)) }
        var joined: [UInt8] = []
        for earlier in before.all(name) where !earlier.bytes.isEmpty {
            joined.append(contentsOf: earlier.bytes)
            joined.append(contentsOf: ", ".utf8)
        }
        fields.append(name, FieldValue(bytes: joined + value))
    }

    private static func element(address: String, host: FieldValue?, scheme: FieldValue) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.usualBytes)
        let isVersion6 = address.utf8.contains(UInt8(ascii: ":"))
        bytes.append(contentsOf: isVersion6 ? "for=\"[".utf8 : "for=".utf8)
        bytes.append(contentsOf: address.utf8)
        if isVersion6 { bytes.append(contentsOf: "]\"".utf8) }
        if let host {
            // A host that was checked has no quotes and no backslashes.
            bytes.append(contentsOf: ";host=\"".utf8)
            bytes.append(contentsOf: host.bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(contentsOf: ";proto=".utf8)
        bytes.append(contentsOf: scheme.bytes)
        return bytes
    }

    /// Most elements fit.
    private static let usualBytes = 96

    private static let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
    private static let believedName = "x-real-ip"
    private static let believedPrefix = "x-forwarded-"

    private static func isAboutForwarding(_ name: Span<UInt8>, keepsRest: Bool) -> Bool {
        for other in Self.names where name.count == other.utf8.count && Self.begins(name, with: other) { return true }
        if keepsRest { return false }
        return Self.begins(name, with: Self.believedPrefix)
            || name.count == Self.believedName.utf8.count && Self.begins(name, with: Self.believedName)
    }

    /// In whatever case, and with `_` for `-`. `start` is in lower case.
    private static func begins(_ name: Span<UInt8>, with start: String) -> Bool {
        let start = start.utf8.span
        guard name.count >= start.count else { return false }
        for index in start.indices {
            let byte = name[index]
            let plain = byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte.asciiLowercased
            if plain != start[index] { return false }
        }
        return true
    }
}
