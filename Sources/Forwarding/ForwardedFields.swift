internal import Addresses
internal import HTTPSemantics

/// What the server is told about where a request came from: `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`
/// (RFC 7239).
///
/// The client's own words are believed only if it is a trusted proxy; then we are one more in its list. Of anybody else
/// every field of this kind goes, those included that a server which takes `_` for `-` would confuse with them.
enum ForwardedFields {
    /// `host`: what the client called this server; `before`: what it said about forwarding, if that is believed.
    static func about(
        _ requester: Requester, host: FieldValue?, strippedPrefix: String?, behind before: HeaderFields
    ) -> HeaderFields {
        var fields = HeaderFields()
        let address = requester.address?.plainDescription
        if let address { Self.append("X-Forwarded-For", Array(address.utf8), behind: before, to: &fields) }
        let scheme = requester.isTLS ? Self.https : Self.http
        fields.append("X-Forwarded-Proto", before.first("X-Forwarded-Proto") ?? scheme)
        if let host = before.first("X-Forwarded-Host") ?? host { fields.append("X-Forwarded-Host", host) }
        if let strippedPrefix { fields.append("X-Forwarded-Prefix", FieldValue(strippedPrefix)) }
        let element = Self.element(address: address ?? "unknown", host: host, scheme: scheme)
        Self.append("Forwarded", element, behind: before, to: &fields)
        return fields
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
            joined.append(copying: ", ")
        }
        fields.append(name, FieldValue(bytes: joined + value))
    }

    private static func element(address: String, host: FieldValue?, scheme: FieldValue) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.usualBytes)
        let isVersion6 = address.utf8.contains(UInt8(ascii: ":"))
        bytes.append(copying: isVersion6 ? "for=\"[" : "for=")
        bytes.append(copying: address)
        if isVersion6 { bytes.append(copying: "]\"") }
        if let host {
            // A host that was checked has no quotes and no backslashes.
            bytes.append(copying: ";host=\"")
            bytes.append(contentsOf: host.bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(copying: ";proto=")
        bytes.append(contentsOf: scheme.bytes)
        return bytes
    }

    /// Most elements fit.
    private static let usualBytes = 96

    /// `keepsRest`: not what we do not write ourselves.
    static func includes(_ name: Span<UInt8>, keepsRest: Bool) -> Bool {
        // Nearly all others begin with another letter.
        switch name.isEmpty ? 0 : name[0].asciiLowercased {
        case UInt8(ascii: "f"): return Self.isSame(name, "forwarded")
        case UInt8(ascii: "x"):
            guard keepsRest else { return Self.begins(name, with: "x-forwarded-") || Self.isSame(name, "x-real-ip") }
            return Self.isSame(name, "x-forwarded-for") || Self.isSame(name, "x-forwarded-proto")
                || Self.isSame(name, "x-forwarded-host")
        case _: return false
        }
    }

    private static func isSame(_ name: Span<UInt8>, _ other: String) -> Bool {
        name.count == other.utf8.count && Self.begins(name, with: other)
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
