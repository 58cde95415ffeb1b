import Testing
import WebSocket
import WebSocketClient

@Suite struct MessageTextTests {
    @Test func inAPipeTextIsALineAndBinaryIsBytes() {
        let text = MessageText(binary: .raw, escapesControls: false)
        #expect(text.bytes(.text, [0x1B, 0x41]) == [0x1B, 0x41, 0x0A])
        #expect(text.bytes(.binary, [0, 0xFF]) == [0, 0xFF])
    }

    @Test func onATerminalNothingSteersIt() {
        let text = MessageText(binary: .hexadecimal, escapesControls: true)
        #expect(text.bytes(.text, Array("ü\u{1B}[2J\u{9B}\t\n".utf8)) == Array("ü\\u{1B}[2J\\u{9B}\t\n\n".utf8))
        #expect(text.bytes(.binary, [0, 0xFF, 0x1B]) == Array("00 ff 1b\n".utf8))
        #expect(text.bytes(.binary, []) == [0x0A])
    }
}
