internal import UTF8Text

/// Checks that a stream of bytes is UTF-8 as it comes in, and fails on the first byte that rules it out
/// (Unicode 15, table 3-7; RFC 3629).
public struct UTF8Validator: Equatable, Sendable {
    /// Continuation bytes still due, and the range the next one must lie in: 0x80...0xBF but for the
    /// byte after E0, ED, F0 and F4, which rules out overlong forms, surrogates and values above U+10FFFF.
    @usableFromInline var due: UInt8 = 0
    @usableFromInline var lowest: UInt8 = 0x80
    @usableFromInline var highest: UInt8 = 0xBF

    @inlinable
    public init() {}

    /// Whether no character is half done: what a message must end with.
    @inlinable
    public var isAtBoundary: Bool { self.due == 0 }

    /// Takes the bytes from `start` on; false as soon as one cannot be part of UTF-8.
    public mutating func consume(_ bytes: Span<UInt8>, from start: Int = 0) -> Bool {
        var index = start
        while index < bytes.count {
            if self.due == 0 {
                index = bytes.textEnd(from: index)
                if index == bytes.count { return true }
            }
            guard self.step(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    /// Takes one byte, of a character that is wrong or cut.
    private mutating func step(_ byte: UInt8) -> Bool {
        guard self.due == 0 else {
            guard byte >= self.lowest && byte <= self.highest else { return false }
            self.due -= 1
            (self.lowest, self.highest) = (0x80, 0xBF)
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: self.due = 1
        case 0xE0: (self.due, self.lowest) = (2, 0xA0)
        case 0xED: (self.due, self.highest) = (2, 0x9F)
        case 0xE1...0xEF: self.due = 2
        case 0xF0: (self.due, self.lowest) = (3, 0x90)
        case 0xF4: (self.due, self.highest) = (3, 0x8F)
        case 0xF1...0xF3: self.due = 3
        default: return false
        }
        return true
    }
}
