internal import HTTPSemantics

/// One header line: `name: value`.
struct FieldLine {
    let name: String
    let value: FieldValue

    /// `line` holds no byte but field content: the parser has seen to that.
    init(_ line: Span<UInt8>) throws(RequestHeadViolation) {
        let bytes = line.copied
        // Also in front of the first field, where some parsers skip the line and others do not.
        if bytes.first?.isOptionalWhitespace == true { throw .foldedLine }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .missingColon }
        let name = bytes[..<colon]
        if name.last?.isOptionalWhitespace == true { throw .spaceBeforeColon }
        guard name.isToken else { throw .invalidFieldName }
        self.name = String(decoding: name, as: UTF8.self)
        self.value = FieldValue(bytes[(colon + 1)...].trimmingOptionalWhitespace)
    }
}
