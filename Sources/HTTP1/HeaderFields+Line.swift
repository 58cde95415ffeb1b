internal import HTTPSemantics

extension HeaderFields.Line {
    /// One line of a head or of trailers, `name: value`, from `start` to `end` of `bytes`, where its line break stands.
    /// It holds no byte but field content: the parsers have seen to that. The fields begin at `sectionStart`.
    init(
        _ bytes: Span<UInt8>, from start: Int, to end: Int, sectionStart: Int
    ) throws(RequestHeadViolation) {
        // Also in front of the first field, where some parsers skip the line and others do not.
        if start < end, bytes[start].isOptionalWhitespace { throw .foldedLine }
        let colon = bytes.tokenEnd(from: start, to: end)
        // What is wrong with a name that is none shows behind it.
        if colon == start || colon == end || bytes[colon] != UInt8(ascii: ":") {
            throw Self.violation(ofName: bytes.extracting(start..<end))
        }
        let value = bytes.trimmingOptionalWhitespace(colon + 1..<end)
        self.init(
            name: start - sectionStart..<colon - sectionStart,
            value: value.lowerBound - sectionStart..<value.upperBound - sectionStart)
    }

    private static func violation(ofName line: Span<UInt8>) -> RequestHeadViolation {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return .missingColon }
        return colon > 0 && line[colon - 1].isOptionalWhitespace ? .spaceBeforeColon : .invalidFieldName
    }
}
