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
        fields.removeAll(where: { Self.isAboutForwarding($0, keepsRest: isTrusted) })
        let scheme = self.requester.isTLS ? "https" : "http"
        if let address = self.requester.address {
            Self.append("X-Forwarded-For", FieldValue(address.plainDescription), behind: before, to: &fields)
        }
        fields.append("X-Forwarded-Proto", before.first("X-Forwarded-Proto") ?? FieldValue(scheme))
        if let host = before.first("X-Forwarded-Host") ?? host { fields.append("X-Forwarded-Host", host) }
        if let strippedPrefix { fields.append("X-Forwarded-Prefix", FieldValue(strippedPrefix)) }
        Self.append("Forwarded", self.element(host: host, scheme: scheme), behind: before, to: &fields)
    }

    /// One more in a list, as one field.
    private static func append(
        _ name: String, _ value: FieldValue, behind before: HeaderFields, to fields: inout HeaderFields
    ) {
        var joined: [UInt8] = []
        for earlier in before.all(name) where !earlier.bytes.isEmpty {
            joined.append(contentsOf: earlier.bytes)
            joined.append(contentsOf: ", ".utf8)
        }
        joined.append(contentsOf: value.bytes)
        fields.append(name, FieldValue(bytes: joined))
    }

    private func element(host: FieldValue?, scheme: String) -> FieldValue {
        var text = "for="
        if let address = self.requester.address {
            let plain = address.plainDescription
            text += plain.utf8.contains(UInt8(ascii: ":")) ? "\"[\(plain)]\"" : plain
        } else {
            text += "unknown"
        }
        // A host that was checked has no quotes and no backslashes.
        if let host { text += ";host=\"\(host.string)\"" }
        return FieldValue(text + ";proto=\(scheme)")
    }

    private static let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
    private static let believedNames = ["x-real-ip", "x-forwarded-"]

    private static func isAboutForwarding(_ name: String, keepsRest: Bool) -> Bool {
        let plain = String(
            decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0.asciiLowercased },
            as: UTF8.self)
        if Self.names.contains(plain) { return true }
        return !keepsRest && (plain == Self.believedNames[0] || plain.hasPrefix(Self.believedNames[1]))
    }
}

extension IPAddress {
    /// IPv4 that came as IPv6 is written as IPv4.
    fileprivate var plainDescription: String {
        guard self.isVersion6, self.bytes[..<10].allSatisfy({ $0 == 0 }), self.bytes[10] == 0xFF,
            self.bytes[11] == 0xFF
        else { return self.description }
        return self.bytes[12...].map { "\($0)" }.joined(separator: ".")
    }
}

extension HeaderFields {
    /// Removes every field whose name `isUnwanted`.
    fileprivate mutating func removeAll(where isUnwanted: (String) -> Bool) {
        var kept = HeaderFields()
        for field in self where !isUnwanted(field.name) { kept.append(field.name, field.value) }
        self = kept
    }
}
