import Testing
import WebSocket

@Suite struct ServerFrameTests {
    @Test(arguments: [
        (0, [0x82, 0]), (1, [0x82, 1]), (125, [0x82, 125]),
        (126, [0x82, 126, 0, 126]), (127, [0x82, 126, 0, 127]), (65_535, [0x82, 126, 0xFF, 0xFF]),
        (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        (Int.max, [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    ] as [(Int, [UInt8])])
    func headers(_ payloadCount: Int, _ header: [UInt8]) {
        #expect(ServerFrame.headerCount(payloadCount: payloadCount) == header.count)
        #expect(header.count <= ServerFrame.headerBytesMax)
        for offset in [0, 3] {
            var output = [UInt8](repeating: 0xEE, count: 16)
            var span = output.mutableSpan
            ServerFrame.write(.binary, payloadCount: payloadCount, into: &span, at: offset)
            let before = [UInt8](repeating: 0xEE, count: offset)
            let behind = [UInt8](repeating: 0xEE, count: 16 - offset - header.count)
            #expect(output == before + header + behind)
        }
    }

    @Test func aTextHeaderSaysSo() {
        var output: [UInt8] = [0, 0]
        var span = output.mutableSpan
        ServerFrame.write(.text, payloadCount: 5, into: &span, at: 0)
        #expect(output == [0x81, 5])
    }

    /// What lets an echo stay where its message came from.
    @Test(arguments: [0, 125, 126, 65_535, 65_536])
    func isFourBytesShorterThanTheClients(_ payloadCount: Int) {
        let client = ClientFrame.announcing(UInt64(payloadCount)).encoded.count
        #expect(ServerFrame.headerCount(payloadCount: payloadCount) + 4 == client)
    }

    @Test func controlFrames() {
        #expect(ServerFrame.control(.pong, payload: [1, 2].span) == [0x8A, 2, 1, 2])
        #expect(ServerFrame.control(.ping, payload: [UInt8]().span) == [0x89, 0])
        let longest = [UInt8](repeating: 7, count: 125)
        #expect(ServerFrame.control(.pong, payload: longest.span) == [0x8A, 125] + longest)
    }
}
