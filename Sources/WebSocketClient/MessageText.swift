package import WebSocket

/// How messages look on standard output.
package struct MessageText: Sendable {
    /// What becomes of binary messages.
    package enum Binary: Equatable, Sendable {
        /// The bytes, and nothing else.
        case raw
        /// Hexadecimal digits in pairs, one line a message: a terminal must not be given what steers it.
        case hexadecimal
    }

    package let binary: Binary
    /// Control characters of text are written out, for the same reason.
    package let escapesControls: Bool

    package init(binary: Binary, escapesControls: Bool) {
        self.binary = binary
        self.escapesControls = escapesControls
    }

    package func bytes(_ type: MessageType, _ payload: [UInt8]) -> [UInt8] {
        switch (type, self.binary) {
        case (.text, _): self.text(payload) + [UInt8(ascii: "\n")]
        case (.binary, .raw): payload
        case (.binary, .hexadecimal): Self.hexadecimal(payload) + [UInt8(ascii: "\n")]
        }
    }

    private func text(_ payload: [UInt8]) -> [UInt8] {
        guard self.escapesControls else { return payload }
        // Escape sequences begin with ESC, or in eight bits with U+0080 to U+009F. Tab and newline are harmless.
        let text = String(decoding: payload, as: UTF8.self).unicodeScalars.map { scalar in
            let isHarmless = scalar == "\t" || scalar == "\n"
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            guard isControl, !isHarmless else { return String(scalar) }
            return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
        return Array(text.joined().utf8)
    }

    private static func hexadecimal(_ payload: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(payload.count * 3)
        for byte in payload {
            if !text.isEmpty { text.append(UInt8(ascii: " ")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return text
    }
}
