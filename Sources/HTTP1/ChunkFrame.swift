/// Writes chunks (RFC 9112 section 7.1) around content that lies in place.
package enum ChunkFrame {
    /// Bytes in front of the content that a chunk's first line needs at most: sixteen digits and a line end.
    package static let headroom = 18
    /// Bytes behind it.
    package static let tailroom = 2

    /// The end of a body without trailers.
    package static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Whether there is room for a chunk's frame around `content` in a window of `count` bytes.
    package static func fits(_ content: Range<Int>, in count: Int) -> Bool {
        content.lowerBound >= Self.headroom && count - content.upperBound >= Self.tailroom
    }

    /// Makes a chunk of `content`, which must not be empty; gives where the chunk lies.
    package static func wrap(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>) -> Range<Int> {
        precondition(!content.isEmpty)
        var start = content.lowerBound
        start -= 1
        window[start] = 0x0A
        start -= 1
        window[start] = 0x0D
        var left = content.count
        repeat {
            start -= 1
            window[start] = Self.digits[left & 0xF]
            left >>= 4
        } while left > 0
        window[content.upperBound] = 0x0D
        window[content.upperBound + 1] = 0x0A
        return start..<content.upperBound + 2
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
