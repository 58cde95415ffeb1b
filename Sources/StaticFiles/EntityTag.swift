/// What tells one state of a representation from another: `"5f3a-1c"`, or weak `W/"5f3a-1c"` (RFC 9110 section 8.8.3).
package struct EntityTag: Hashable, Sendable {
    package let isWeak: Bool
    /// With its quotes.
    package let opaque: [UInt8]

    package init(opaque: [UInt8], isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    package var text: [UInt8] { self.isWeak ? Array("W/".utf8) + self.opaque : self.opaque }

    /// Both strong and the same.
    package func matchesStrongly(_ other: EntityTag) -> Bool {
        !self.isWeak && !other.isWeak && self.opaque == other.opaque
    }

    package func matchesWeakly(_ other: EntityTag) -> Bool { self.opaque == other.opaque }

    /// One tag and nothing behind it.
    package init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard let tag = EntityTag(prefixOf: &rest), rest.isEmpty else { return nil }
        self = tag
    }

    /// Takes a tag off the front of `rest`; nil when there is none.
    init?(prefixOf rest: inout ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "\"")
        var after = rest
        let isWeak = after.starts(with: "W/".utf8)
        if isWeak { after = after.dropFirst(2) }
        guard after.first == quote else { return nil }
        let inner = after.dropFirst().prefix { $0 != quote && ($0 == 0x21 || $0 >= 0x23) && $0 != 0x7F }
        guard inner.endIndex < after.endIndex, after[inner.endIndex] == quote else { return nil }
        self.isWeak = isWeak
        self.opaque = Array(after[after.startIndex...inner.endIndex])
        rest = after[(inner.endIndex + 1)...]
    }
}

/// The value of If-Match or If-None-Match.
package enum EntityTagList: Equatable, Sendable {
    /// `*`: whatever there is.
    case any
    case listed([EntityTag])

    /// Tags compared at most: a header has 16 KiB and a browser sends one.
    package static let tagsMax = 64

    /// What is no list counts as far as it could be read: the rest matches nothing.
    package init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        if rest.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        while tags.count < Self.tagsMax {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            guard let tag = EntityTag(prefixOf: &rest) else { break }
            tags.append(tag)
        }
        self = .listed(tags)
    }

    func contains(where matches: (EntityTag) -> Bool) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains(where: matches)
        }
    }
}
