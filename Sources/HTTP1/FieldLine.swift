internal import HTTPSemantics

/// One header line: `name: value`.
struct FieldLine {
    let name: String
    let value: FieldValue

    /// `line` holds no byte but field content: the parser has seen to that.
    init(_ line: Span<UInt8>) throws(RequestHeadViolation) {
        // Also in front of the first field, where some parsers skip the line and others do not.
        if !line.isEmpty, line[0].isOptionalWhitespace { throw .foldedLine }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .missingColon }
        if colon > 0, line[colon - 1].isOptionalWhitespace { throw .spaceBeforeColon }
        let name = line.extracting(0..<colon)
        guard name.isToken else { throw .invalidFieldName }
        self.name = name.string
        let value = line.trimmingOptionalWhitespace(colon + 1..<line.count)
        self.value = FieldValue(bytes: line.extracting(value).copied)
    }
}
