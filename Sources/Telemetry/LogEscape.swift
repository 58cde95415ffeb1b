/// Makes text that anybody may have chosen fit for a line of the log.
///
/// Control characters would end the line early or command the reader's terminal, and marks of writing
/// direction would show it in another order than it is in: all of them are written out.
enum LogEscape {
    case text
    case json

    /// Bytes of a value that are shown before it is cut. Enough for a long URL; a request head of 24 KiB is
    /// not worth a line of its own size in the log.
    static let valueBytesMax = 1024

    private static let ellipsis = "\u{2026}"

    /// Appends `value`, escaped and cut on a character; what is not UTF-8 becomes U+FFFD.
    func append(_ value: String, to output: inout [UInt8]) {
        var byteCount = 0
        for scalar in value.unicodeScalars {
            byteCount += UTF8.width(scalar)
            guard byteCount <= LogEscape.valueBytesMax else {
                output.append(contentsOf: LogEscape.ellipsis.utf8)
                return
            }
            self.append(scalar, to: &output)
        }
    }

    /// Decodes no more than can be shown.
    func append(_ value: [UInt8], to output: inout [UInt8]) {
        let longestCharacter = 4
        let shown = value.prefix(LogEscape.valueBytesMax + longestCharacter)
        self.append(String(decoding: shown, as: UTF8.self), to: &output)
    }

    private func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        switch scalar {
        case "\n": output.append(contentsOf: "\\n".utf8)
        case "\r": output.append(contentsOf: "\\r".utf8)
        case "\t": output.append(contentsOf: "\\t".utf8)
        case "\"": output.append(contentsOf: "\\\"".utf8)
        case "\\": output.append(contentsOf: "\\\\".utf8)
        default:
            if LogEscape.isDangerous(scalar) {
                self.appendEscaped(scalar, to: &output)
            } else {
                output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// C0, DEL and C1 controls, line and paragraph separators, and the marks of writing direction.
    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// `\x1b` or `\u202e` for people, `\u001b` for machines. All of them lie below U+10000.
    private func appendEscaped(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        let isShort = self == .text && scalar.value <= 0xFF
        output.append(contentsOf: isShort ? "\\x".utf8 : "\\u".utf8)
        if !isShort { output.appendHexadecimal(UInt8(truncatingIfNeeded: scalar.value >> 8)) }
        output.appendHexadecimal(UInt8(truncatingIfNeeded: scalar.value))
    }
}
