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
        fields.removeAll { Self.isAboutForwarding($0.name, keepsRest: isTrusted) }
        let address = self.requester.address.map(\.plainText)
        if let address {
            Self.append("X-Forwarded-For", address, behind: before, to: &fields)
        }
        let scheme: FieldValue = self.requester.isTLS ? "https" : "http"
        fields.append("X-Forwarded-Proto", before.first("X-Forwarded-Proto") ?? scheme)
        if let host = before.first("X-Forwarded-Host") ?? host { fields.append("X-Forwarded-Host", host) }
        if let strippedPrefix { fields.append("X-Forwarded-Prefix", FieldValue(strippedPrefix)) }
        let element = Self.element(address, host: host?.bytes, scheme: scheme.bytes)
        Self.append("Forwarded", element, behind: before, to: &fields)
    }

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
        joined.append(contentsOf: value)
        fields.append(name, FieldValue(bytes: joined))
    }

    private static func element(_ address: [UInt8]?, host: [UInt8]?, scheme: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(64 + (host?.count ?? 0))
        text.append(contentsOf: "for=".utf8)
        if let address {
            let isVersion6 = address.contains(UInt8(ascii: ":"))
            if isVersion6 { text.append(contentsOf: "\"[".utf8) }
            text.append(contentsOf: address)
            if isVersion6 { text.append(contentsOf: "]\"".utf8) }
        } else {
            text.append(contentsOf: "unknown".utf8)
        }
        // A host that was checked has no quotes and no backslashes.
        if let host {
            text.append(contentsOf: ";host=\"".utf8)
            text.append(contentsOf: host)
            text.append(UInt8(ascii: "\""))
        }
        text.append(contentsOf: ";proto=".utf8)
        text.append(contentsOf: scheme)
        return text
    }

    private static let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
    private static let believedNames = ["x-real-ip", "x-forwarded-"]

    private static func isAboutForwarding(_ name: String, keepsRest: Bool) -> Bool {
        // Of nearly every field the first letter is enough.
        let first = name.utf8.first?.asciiLowercased
        guard first == UInt8(ascii: "f") || first == UInt8(ascii: "x") else { return false }
        let plain = String(
            decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0.asciiLowercased },
            as: UTF8.self)
        if Self.names.contains(plain) { return true }
        return !keepsRest && (plain == Self.believedNames[0] || plain.hasPrefix(Self.believedNames[1]))
    }
}

extension IPAddress {
    /// IPv4 that came as IPv6 is written as IPv4.
    fileprivate var plainText: [UInt8] {
        let isMapped =
            self.isVersion6 && self.bytes[..<10].allSatisfy { $0 == 0 } && self.bytes[10] == 0xFF
            && self.bytes[11] == 0xFF
        guard isMapped || !self.isVersion6 else { return Array(self.description.utf8) }
        var text: [UInt8] = []
        text.reserveCapacity("255.255.255.255".utf8.count)
        for byte in self.bytes.suffix(4) {
            if !text.isEmpty { text.append(UInt8(ascii: ".")) }
            if byte >= 100 { text.append(UInt8(ascii: "0") + byte / 100) }
            if byte >= 10 { text.append(UInt8(ascii: "0") + byte / 10 % 10) }
            text.append(UInt8(ascii: "0") + byte % 10)
        }
        return text
    }
}
