internal import HTTPSemantics

extension HeaderFields {
    /// Appends one line of a head or of trailers, `name: value` without its end. It holds no byte but field content:
    /// the parsers have seen to that.
    mutating func append(line: Span<UInt8>) throws(RequestHeadViolation) {
        // Also in front of the first field, where some parsers skip the line and others do not.
        if !line.isEmpty, line[0].isOptionalWhitespace { throw .foldedLine }
        var colon = 0
        while colon < line.count, line[colon].isTokenCharacter { colon += 1 }
        // What is wrong with a name that is none shows behind it.
        if colon == 0 || colon == line.count || line[colon] != UInt8(ascii: ":") { throw Self.violation(ofName: line) }
        let value = line.trimmingOptionalWhitespace(colon + 1..<line.count)
        self.append(line, Line(name: 0..<colon, value: value))
    }

    private static func violation(ofName line: Span<UInt8>) -> RequestHeadViolation {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return .missingColon }
        return colon > 0 && line[colon - 1].isOptionalWhitespace ? .spaceBeforeColon : .invalidFieldName
    }
}
