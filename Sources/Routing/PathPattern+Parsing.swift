/// Why a text is no pattern, and the way out.
package struct PatternFault: Error, Equatable, Sendable {
    package let problem: String
    package let remedy: String
}

extension PathPattern {
    /// A variable's name is made of it, so it is short and plain.
    private static let captureNameBytesMax = 32

    package init(text: String) throws(PatternFault) {
        guard text.hasPrefix("/") else {
            throw PatternFault(problem: "a path begins with /", remedy: "write /\(text)")
        }
        for (mark, what) in [("?", "a query"), ("#", "a fragment")] where text.contains(mark) {
            throw PatternFault(
                problem: "no request's path has \(what)", remedy: "end the path before the \(mark)")
        }
        guard !text.contains("%") else {
            throw PatternFault(
                problem: "paths are compared decoded", remedy: "write the character itself instead of its escape")
        }
        var parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let star = [UInt8(ascii: "*")]
        let tail: Tail = parts.last.map { $0.elementsEqual(star) } ?? false ? .anything : .nothing
        if tail == .anything { parts.removeLast() }
        var segments: [Segment] = []
        for (index, part) in parts.enumerated() {
            let mayBeEmpty = index == parts.count - 1 && tail == .nothing
            segments.append(try Self.segment(part, mayBeEmpty: mayBeEmpty))
        }
        self.init(segments: segments, tail: tail, text: text)
        let names = self.captureNames
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw PatternFault(problem: "captures {\(name)} twice", remedy: "give each capture a name of its own")
        }
    }

    private static func segment(
        _ part: Substring.UTF8View, mayBeEmpty: Bool
    ) throws(PatternFault) -> Segment {
        let text = String(decoding: part, as: UTF8.self)
        guard !part.isEmpty || mayBeEmpty else {
            throw PatternFault(problem: "a request with // is refused", remedy: "write one slash")
        }
        guard text != ".", text != ".." else {
            throw PatternFault(
                problem: "a request with a dot segment is refused", remedy: "write the path that is meant")
        }
        guard !text.contains("*") else {
            throw PatternFault(
                problem: "* stands for everything below a path", remedy: "write it as the last segment, like /files/*")
        }
        guard part.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw PatternFault(problem: "a request with a control character is refused", remedy: "leave it out")
        }
        guard text.contains("{") || text.contains("}") else { return .literal(Array(part)) }
        return .capture(name: try Self.captureName(text))
    }

    private static func captureName(_ text: String) throws(PatternFault) -> String {
        let name = text.dropFirst().dropLast()
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): index > 0
            case _: false
            }
        }
        guard text.hasPrefix("{"), text.hasSuffix("}"), isPlain, (1...Self.captureNameBytesMax).contains(name.count)
        else {
            throw PatternFault(
                problem: "\(text) is no capture",
                remedy: "write a whole segment like {room}: lower case letters, digits and _, at most "
                    + "\(Self.captureNameBytesMax)")
        }
        return String(name)
    }
}
