/// The path of a file below a served folder, made of what a client asked for: relative, without dot segments, without
/// names that begin with a dot.
package struct FilePath: Equatable, Sendable {
    /// Segments joined by `/`; empty: the folder itself.
    package let bytes: [UInt8]
    /// The client wrote a slash at the end: it means a folder.
    package let isFolder: Bool

    /// The one dotted name that clients may know of (RFC 8615).
    private static let wellKnown = Array(".well-known".utf8)

    /// `path` is decoded and begins with `/`, or is empty. Nil: a name of it is nobody's business.
    package init?(decoded path: [UInt8]) {
        var kept: [UInt8] = []
        kept.reserveCapacity(path.count)
        var start = 0
        while start < path.count {
            let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
            defer { start = end + 1 }
            guard end > start else { continue }
            let segment = path[start..<end]
            if segment.first == UInt8(ascii: ".") {
                guard kept.isEmpty, segment.elementsEqual(Self.wellKnown) else { return nil }
            }
            guard !segment.contains(0) else { return nil }
            if !kept.isEmpty { kept.append(UInt8(ascii: "/")) }
            kept += segment
        }
        self.bytes = kept
        self.isFolder = path.last == UInt8(ascii: "/") || path.isEmpty
    }

    /// The path of `name` in this folder.
    package func file(named name: String) -> [UInt8] {
        self.bytes.isEmpty ? Array(name.utf8) : self.bytes + [UInt8(ascii: "/")] + Array(name.utf8)
    }

    /// What stands behind the last dot of the last segment, in lower case; empty: there is none.
    package static func ending(of path: [UInt8]) -> String {
        var start = path.endIndex
        while start > path.startIndex {
            let byte = path[start - 1]
            if byte == UInt8(ascii: "/") { return "" }
            if byte == UInt8(ascii: ".") { break }
            start -= 1
            // No ending that somebody knows is as long.
            guard path.endIndex - start <= 16 else { return "" }
        }
        guard start > path.startIndex else { return "" }
        return String(decoding: path[start...].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Bytes as a path of a URL has them: what is not plainly allowed is escaped, so that no browser reads a host, a
    /// backslash or a scheme into it.
    package static func escape(_ path: some Sequence<UInt8>) -> String {
        var escaped: [UInt8] = []
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        for byte in path {
            if Self.isPlain(byte) {
                escaped.append(byte)
            } else {
                escaped += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        return isLetter || isDigit || "/-._~!$()*+,=@".utf8.contains(byte)
    }
}
