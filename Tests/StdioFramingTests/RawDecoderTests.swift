@testable import StdioFraming
import Testing

@Suite struct RawDecoderTests {
    @Test func eachInputIsOneBinaryMessage() {
        let decoded = DecoderOptions(framing: .raw).decode([[0xFF, 0x0A], [], [0xC3]])
        #expect(decoded.messages.map(\.payload) == [[0xFF, 0x0A], [0xC3]])
        #expect(decoded.messages.allSatisfy { $0.kind == .binary })
        #expect(decoded.wholeCount == 2)
    }

    @Test func textIsCutBetweenCharactersOnly() {
        let text = Array("aé€😀z".utf8)
        for inputs in cuts(text) {
            let decoded = DecoderOptions(framing: .raw, kind: .text).decode(inputs)
            #expect(decoded.messages.flatMap(\.payload) == text)
            for message in decoded.messages {
                #expect(String(validating: message.payload, as: UTF8.self) != nil, "\(message) of \(inputs)")
                #expect(!message.payload.isEmpty)
            }
        }
    }

    /// Nothing that is not UTF-8 is lost, held back for ever, or carried beyond three bytes.
    @Test(
        arguments: [
            [0x80, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0xF0, 0x9F], [0xE2, 0x82, 0x41],
            [0xC3, 0xC3, 0xC3], [0xFF, 0xC3], [0xF0, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func wrongBytesComeThroughAsTheyAre(_ bytes: [UInt8]) {
        for inputs in cuts(bytes) {
            let decoded = DecoderOptions(framing: .raw, kind: .text).decode(inputs)
            #expect(decoded.messages.flatMap(\.payload) == bytes)
        }
    }
}
