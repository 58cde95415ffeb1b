/// What UTF-8 (Unicode table 3-7) says about the bytes at one position.
enum UTF8Sequence {
    /// A well-formed character of so many bytes, or the longest wrong part that one U+FFFD replaces.
    case character(Int)
    case wrong(Int)

    /// Looks at the character that starts at `start`, which must be inside `bytes`.
    static func at(_ start: Int, in bytes: borrowing Span<UInt8>) -> UTF8Sequence {
        let lead = bytes[start]
        let length = Self.length(lead: lead)
        guard length > 0 else { return .wrong(1) }
        var used = 1
        while used < length {
            guard start + used < bytes.count else { return .wrong(used) }
            let allowed = used == 1 ? Self.second(lead: lead) : 0x80...0xBF
            guard allowed.contains(bytes[start + used]) else { return .wrong(used) }
            used += 1
        }
        return .character(length)
    }

    /// How many bytes a character with this first byte has; 0 for a byte that starts none.
    static func length(lead: UInt8) -> Int {
        switch lead {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }

    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
    private static func second(lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }

    /// How many bytes at the end of `carried` + `bytes[start...]` begin a character and wait for its rest.
    static func openTail(_ carried: CarriedBytes, _ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        let fresh = bytes.count - start
        for back in 1...CarriedBytes.bytesMax where back <= fresh + carried.count {
            let byte = back <= fresh ? bytes[bytes.count - back] : carried[carried.count - (back - fresh)]
            if !Self.isContinuation(byte) { return Self.length(lead: byte) > back ? back : 0 }
        }
        return 0
    }
}
