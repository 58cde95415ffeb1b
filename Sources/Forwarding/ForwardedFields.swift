internal import Addresses
internal import HTTPSemantics

/// What the server is told about where a request came from: `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`
/// (RFC 7239).
///
/// The client's own words are believed only if it is a trusted proxy; then we are one more in its list. Of anybody else
/// every field of this kind goes, those included that a server which takes `_` for `-` would confuse with them.
struct ForwardedFields {
    private let address: String?
    private let scheme: String
    /// What the client called this server; empty where it did not.
    private let host: [UInt8]
    private let strippedPrefix: String?
    /// What a trusted proxy said, as far as it goes on; of anybody else nothing.
    private let before: HeaderFields

    /// `before`: the fields of a request that came from a trusted proxy.
    init(
        about requester: Requester, host: [UInt8], strippedPrefix: String?, behind before: HeaderFields?,
        _ ending: HopByHop
    ) {
        self.address = requester.address?.plainDescription
        self.scheme = requester.isTLS ? "https" : "http"
        self.host = host
        self.strippedPrefix = strippedPrefix
        var believed = before ?? [:]
        if !believed.isEmpty { believed.removeAll { ending.includes($0) } }
        self.before = believed
    }

    /// Appends them as lines, but for those that `edits` end.
    func appendLines(to output: inout [UInt8], but edits: [FieldEdit]) {
        if let address = self.address {
            Self.appendLine("X-Forwarded-For", to: &output, but: edits) {
                self.appendEarlier("X-Forwarded-For", to: &$0)
                $0.append(copying: address)
            }
        }
        Self.appendLine("X-Forwarded-Proto", to: &output, but: edits) {
            if !self.appendFirst("X-Forwarded-Proto", to: &$0) { $0.append(copying: self.scheme) }
        }
        if !self.host.isEmpty || self.before.contains("X-Forwarded-Host") {
            Self.appendLine("X-Forwarded-Host", to: &output, but: edits) {
                if !self.appendFirst("X-Forwarded-Host", to: &$0) { $0.append(copying: self.host.span) }
            }
        }
        if let prefix = self.strippedPrefix {
            Self.appendLine("X-Forwarded-Prefix", to: &output, but: edits) { $0.append(copying: prefix) }
        }
        Self.appendLine("Forwarded", to: &output, but: edits) {
            self.appendEarlier("Forwarded", to: &$0)
            self.appendElement(to: &$0)
        }
    }

    private static func appendLine(
        _ name: String, to output: inout [UInt8], but edits: [FieldEdit], value: (inout [UInt8]) -> Void
    ) {
        guard !edits.end(name.utf8.span) else { return }
        output.append(copying: name)
        output.append(copying: ": ")
        value(&output)
        output.append(copying: "\r\n")
    }

    /// What was said before us, as the beginning of a list.
    private func appendEarlier(_ name: String, to output: inout [UInt8]) {
        guard !self.before.isEmpty else { return }
        for earlier in self.before.all(name) where !earlier.bytes.isEmpty {
            output.append(copying: earlier.bytes.span)
            output.append(copying: ", ")
        }
    }

    private func appendFirst(_ name: String, to output: inout [UInt8]) -> Bool {
        guard let index = self.before.firstIndex(of: name.utf8.span) else { return false }
        output.append(copying: self.before.value(at: index))
        return true
    }

    private func appendElement(to output: inout [UInt8]) {
        let address = self.address ?? "unknown"
        let isVersion6 = address.utf8.contains(UInt8(ascii: ":"))
        output.append(copying: isVersion6 ? "for=\"[" : "for=")
        output.append(copying: address)
        if isVersion6 { output.append(copying: "]\"") }
        if !self.host.isEmpty {
            // A host that was checked has no quotes and no backslashes.
            output.append(copying: ";host=\"")
            output.append(copying: self.host.span)
            output.append(copying: "\"")
        }
        output.append(copying: ";proto=")
        output.append(copying: self.scheme)
    }
}

// MARK: - What is no business of the client

extension ForwardedFields {
    private static let names = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]
    private static let believedName = "x-real-ip"
    private static let believedPrefix = "x-forwarded-"

    /// Whether a field of the client's with that name ends here. `keepsRest`: what we write ourselves goes, and
    /// everything else that a trusted proxy says stays.
    static func end(_ name: Span<UInt8>, keepsRest: Bool) -> Bool {
        guard let first = name.isEmpty ? nil : name[0].asciiLowercased,
            first == UInt8(ascii: "f") || first == UInt8(ascii: "x")
        else { return false }
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
