extension LogFormatter {
    /// `{"time":"2026-11-22T19:11:38.123Z","level":"info","message":"session opened","route":"/"}`
    func appendJSON(_ record: LogRecord, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"time\":\"".utf8)
        record.time.append(to: &output)
        output.append(contentsOf: "\",\"level\":\"".utf8)
        output.append(contentsOf: record.level.rawValue.utf8)
        output.append(contentsOf: "\",\"message\":".utf8)
        Self.appendJSONString(record.message, to: &output)
        for field in record.fields {
            output.append(UInt8(ascii: ","))
            Self.appendJSONString(field.key, to: &output)
            output.append(UInt8(ascii: ":"))
            Self.appendJSONValue(field.value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func appendJSONValue(_ value: LogValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text): Self.appendJSONString(text, to: &output)
        case .bytes(let bytes):
            output.append(UInt8(ascii: "\""))
            LogEscape.json.append(bytes, to: &output)
            output.append(UInt8(ascii: "\""))
        case .integer(let number): output.appendDecimal(number)
        case .milliseconds(let number): output.appendThousandths(number)
        case .boolean(let flag): output.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .id(let id):
            output.append(UInt8(ascii: "\""))
            id.append(to: &output)
            output.append(UInt8(ascii: "\""))
        }
    }

    private static func appendJSONString(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        LogEscape.json.append(text, to: &output)
        output.append(UInt8(ascii: "\""))
    }
}
