import SimulatedIO
import Testing
import WebSocket
import WebSocketClient

@Suite struct ServerFrameReaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let wire: [UInt8]
        var events: [ServerFrameReader.Event] = []
        var violation: ServerViolation?

        init(_ name: String, _ wire: [UInt8], _ events: ServerFrameReader.Event..., violation: ServerViolation? = nil) {
            self.testDescription = name
            self.wire = wire
            self.events = events
            self.violation = violation
        }
    }

    static let limit = 70_000
    private static let long = [UInt8](repeating: 7, count: 126)
    private static let longer = [UInt8](repeating: 8, count: 65_536)

    static let rows = [
        Row("an empty text", [0x81, 0], .message(.text, [])),
        Row("a text", [0x81, 2, 0xC3, 0xBC], .message(.text, [0xC3, 0xBC])),
        Row("16 bits of length", [0x82, 126, 0, 126] + long, .message(.binary, long)),
        Row("64 bits of length", [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0] + longer, .message(.binary, longer)),
        Row("fragments, a ping between, a character across them",
            [0x01, 1, 0xC3, 0x89, 1, 9, 0x00, 0, 0x80, 2, 0xBC, 0x41], .ping([9]), .message(.text, [0xC3, 0xBC, 0x41])),
        Row("two messages and a pong", [0x81, 1, 0x41, 0x8A, 0, 0x82, 1, 1],
            .message(.text, [0x41]), .pong([]), .message(.binary, [1])),
        Row("a Close with code and reason", [0x88, 4, 0x03, 0xE8, 0x6F, 0x6B], .close(.normal, reason: "ok")),
        Row("a Close that says nothing", [0x88, 0], .close(nil, reason: "")),
        Row("reserved bits", [0xC1, 0], violation: .reservedBits),
        Row("an unknown opcode", [0x83], violation: nil),
        Row("an unknown opcode, known with the second byte", [0x83, 0], violation: .unknownOpcode(3)),
        Row("masked", [0x81, 0x80], violation: .masked),
        Row("16 bits where 7 do", [0x81, 126, 0, 125], violation: .lengthNotMinimal),
        Row("64 bits where 16 do", [0x81, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], violation: .lengthNotMinimal),
        Row("64 bits with the highest set", [0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], violation: .lengthBeyond63Bits),
        Row("a fragmented ping", [0x09, 0], violation: .controlFrameFragmented),
        Row("a long ping", [0x89, 126], violation: .controlFrameTooLong),
        Row("nothing to continue", [0x80, 0], violation: .continuationWithoutBeginning),
        Row("a message within a message", [0x01, 0, 0x81, 0], violation: .messageWithinMessage),
        Row("not UTF-8", [0x81, 1, 0xFF], violation: .textNotUTF8),
        Row("half a character at the end", [0x01, 1, 0xC3, 0x80, 0], violation: .textNotUTF8),
        Row("a Close of one byte", [0x88, 1, 3], violation: .badClose(.closePayloadOfOneByte)),
        Row("a Close with a code that must not travel", [0x88, 2, 0x03, 0xED],
            violation: .badClose(.closeCodeNotAllowed(1005))),
        Row("too large, known from the length", [0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x71],
            violation: .messageTooLarge(bytesMax: limit)),
        Row("too large with its fragments", [0x02, 127, 0, 0, 0, 0, 0, 1, 0, 0] + longer + [0x80, 126, 0x11, 0x71],
            violation: .messageTooLarge(bytesMax: limit)),
    ]

    @Test(arguments: rows) func whole(_ row: Row) { Self.expect(row, pieces: [row.wire]) }

    @Test(arguments: rows) func cutAtEveryByte(_ row: Row) {
        let cuts = row.wire.count < 1000 ? Array(row.wire.indices) : [0, 1, 2, 9, 10, 11, 65_545, row.wire.count - 1]
        for cut in cuts {
            Self.expect(row, pieces: [Array(row.wire[..<cut]), Array(row.wire[cut...])])
        }
    }

    @Test(arguments: rows) func byteByByte(_ row: Row) { Self.expect(row, pieces: row.wire.map { [$0] }) }

    private static func expect(_ row: Row, pieces: [[UInt8]]) {
        var reader = ServerFrameReader(messageBytesMax: Self.limit)
        var events: [ServerFrameReader.Event] = []
        do throws(ServerViolation) {
            for piece in pieces {
                reader.take(piece, count: piece.count)
                while let event = try reader.next() { events.append(event) }
            }
            #expect(row.violation == nil)
        } catch {
            #expect(row.violation == error)
        }
        #expect(events == row.events)
    }

    /// What a client sends, the server's own reader reads.
    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 100_000]) func aFrameOfOursIsRead(_ count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let payload = generator.bytes(count)
        var wire: [UInt8] = []
        let key = UInt32(truncatingIfNeeded: generator.next())
        ClientFrame.append(.binary, payload, key: key, to: &wire)
        #expect(wire[0] == 0x82 && wire[1] & 0x80 != 0)
        let header = wire.count - count
        #expect(header == (count < 126 ? 6 : count < 65_536 ? 8 : 14))
        let mask = Array(wire[header - 4..<header])
        #expect(mask == (0..<4).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) })
        #expect(payload.indices.allSatisfy { wire[header + $0] == payload[$0] ^ mask[$0 % 4] })
    }
}
