internal import Addresses
internal import HTTPSemantics

/// What the server is told about where a request came from: `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`
/// (RFC 7239).
///
/// The client's own words are believed only if it is a trusted proxy; then we are one more in its list. Of anybody else
/// every field of this kind goes, those included that a server which takes `_` for `-` would confuse with them.
struct ForwardedFields {
    let rules: ForwardingRules
    let requester: Requester

    func apply(to fields: inout HeaderFields, host: FieldValue?, strippedPrefix: String?) {
        let isTrusted = self.rules.trusts(self.requester.address)
        let before = isTrusted ? fields : [:]
        fields.removeAll { Self.isAboutForwarding($0, keepsRest: isTrusted) }
        let scheme = self.requester.isTLS ? "https" : "http"
        let address = self.requester.address?.plainDescription
        if let address { Self.append("X-Forwarded-For", address, behind: before, to: &fields) }
        fields.append("X-Forwarded-Proto", before.first("X-Forwarded-Proto") ?? FieldValue(scheme))
        if let host = before.first("X-Forwarded-Host") ?? host { fields.append("X-Forwarded-Host", host) }
        if let strippedPrefix { fields.append("X-Forwarded-Prefix", FieldValue(strippedPrefix)) }
        let element = Self.element(address: address, host: host, scheme: scheme)
        Self.append("Forwarded", element, behind: before, to: &fields)
    }

    /// One more in a list, as one field.
    private static func append(
        _ name: String, _ value: String, behind before: HeaderFields, to fields: inout HeaderFields
    ) {
        var joined: [UInt8] = []
        for earlier in before.all(name) where !earlier.bytes.isEmpty {
            joined.append(contentsOf: earlier.bytes)
            joined.append(contentsOf: ", ".utf8)
        }
        joined.append(contentsOf: value.utf8)
        fields.append(name, FieldValue(bytes: joined))
    }

    private static func element(address: String?, host: FieldValue?, scheme: String) -> String {
        let address = address ?? "unknown"
        var text = address.utf8.contains(UInt8(ascii: ":")) ? "for=\"[\(address)]\"" : "for=" + address
        // A host that was checked has no quotes and no backslashes.
        if let host { text += ";host=\"" + host.string + "\"" }
        return text + ";proto=" + scheme
    }

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
