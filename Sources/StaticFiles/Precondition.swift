package import HTTPSemantics

/// What the conditional fields of a request come to (RFC 9110 section 13.2.2).
package enum Precondition: Equatable, Sendable {
    /// Answer as if there were none.
    case passed
    /// The client has it: 304.
    case notModified
    /// 412
    case failed

    /// For GET and HEAD of something that exists. A field that comes twice or cannot be read is ignored.
    package static func evaluate(_ fields: HeaderFields, _ version: FileVersion) -> Precondition {
        if let value = Self.list("If-Match", fields) {
            guard EntityTagList(value).contains(where: { $0.matchesStrongly(version.tag) }) else { return .failed }
        } else if let date = Self.date("If-Unmodified-Since", fields) {
            guard version.modified <= date else { return .failed }
        }
        if let value = Self.list("If-None-Match", fields) {
            let isKnown = EntityTagList(value).contains { $0.matchesWeakly(version.tag) }
            return isKnown ? .notModified : .passed
        }
        if let date = Self.date("If-Modified-Since", fields), version.modified <= date { return .notModified }
        return .passed
    }

    /// Whether a Range field may be heeded: If-Range is absent, or names exactly this state (RFC 9110 section 13.1.5).
    package static func allowsRange(_ fields: HeaderFields, _ version: FileVersion) -> Bool {
        guard fields.contains("If-Range") else { return true }
        guard let value = fields.only("If-Range")?.bytes else { return false }
        if let tag = EntityTag(value) { return tag.matchesStrongly(version.tag) }
        // A date is a strong validator only of a file that had settled; its tag says whether it has.
        guard let date = HTTPDate(value) else { return false }
        return date == version.modified && !version.tag.isWeak
    }

    /// The field's lines as one list; nil when there is none.
    private static func list(_ name: String, _ fields: HeaderFields) -> [UInt8]? {
        let values = fields.all(name)
        guard let first = values.first else { return nil }
        return values.dropFirst().reduce(into: first.bytes) { $0 += [UInt8(ascii: ",")] + $1.bytes }
    }

    private static func date(_ name: String, _ fields: HeaderFields) -> HTTPDate? {
        fields.only(name).flatMap { HTTPDate($0.bytes) }
    }
}
