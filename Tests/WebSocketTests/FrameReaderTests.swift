import Testing
import WebSocket

/// Messages and control frames that are right.
@Suite struct FrameReaderTests {
    private static func message(_ text: String) -> FrameTrace.Event { .message(.text, Array(text.utf8)) }
    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }

    static let whole: [FrameRow] = [
        FrameRow("nothing", [], []),
        FrameRow("empty text", [.text("")], [message("")]),
        FrameRow("empty binary", [.binary([])], [.message(.binary, [])]),
        FrameRow("text", [.text("hello")], [message("hello")]),
        FrameRow("text beyond ASCII", [.text("aé€😀z")], [message("aé€😀z")]),
        FrameRow("bytes that are not text", [.binary([0x80, 0xFF, 0xC0])], [.message(.binary, [0x80, 0xFF, 0xC0])]),
        FrameRow("three in a row", [.text("a"), .binary([1]), .text("bc")],
            [message("a"), .message(.binary, [1]), message("bc")]),
        FrameRow("key of zeros", [ClientFrame(opcode: 1, payload: [65], key: [0, 0, 0, 0])], [message("A")]),
        FrameRow("key of ones", [ClientFrame(opcode: 1, payload: [65], key: [255, 255, 255, 255])], [message("A")]),
        FrameRow("ping", [.ping("")], [.control(.ping, [])]),
        FrameRow("pong", [.pong("x")], [.control(.pong, [0x78])]),
        FrameRow("close", [.close([])], [.control(.close, [])]),
        FrameRow("close with code", [.close([3, 0xE8])], [.control(.close, [3, 0xE8])]),
        FrameRow("longest ping", [ClientFrame(opcode: 9, payload: bytes(125))], [.control(.ping, bytes(125))]),
        FrameRow("ping between messages", [.text("a"), .ping("p"), .text("b")],
            [message("a"), .control(.ping, [0x70]), message("b")]),
    ]

    static let fragmented: [FrameRow] = [
        FrameRow("two fragments", [.text("he", isFinal: false), .more("llo")], [message("hello")]),
        FrameRow("empty first", [.text("", isFinal: false), .more("a")], [message("a")]),
        FrameRow("empty last", [.text("a", isFinal: false), .more("")], [message("a")]),
        FrameRow("only empty ones", [.text("", isFinal: false), .more("", isFinal: false), .more("")], [message("")]),
        FrameRow("binary fragments", [.binary([1], isFinal: false), .more([2], isFinal: false), .more([3])],
            [.message(.binary, [1, 2, 3])]),
        FrameRow("a character across fragments",
            [.text([0xF0, 0x9F], isFinal: false), .more([0x98], isFinal: false), .more([0x80])], [message("😀")]),
        FrameRow("control frames inside",
            [.text("a", isFinal: false), .ping("1"), .more("b", isFinal: false), .pong("2"), .ping("3"), .more("c")],
            [.control(.ping, [0x31]), .control(.pong, [0x32]), .control(.ping, [0x33]), message("abc")]),
        FrameRow("control frame inside a character",
            [.text([0xC3], isFinal: false), .ping("1"), .more([0xA9])], [.control(.ping, [0x31]), message("é")]),
        FrameRow("close inside a message", [.text("a", isFinal: false), .close([])], [.control(.close, [])]),
        FrameRow("two fragmented messages",
            [.text("a", isFinal: false), .more("b"), .binary([1], isFinal: false), .more([2])],
            [message("ab"), .message(.binary, [1, 2])]),
    ]

    static let lengths: [FrameRow] = [1, 124, 125, 126, 127, 128, 255, 256, 65_534, 65_535, 65_536, 65_537].map {
        FrameRow("binary of \($0)", [.binary(bytes($0))], [.message(.binary, bytes($0))])
    } + [125, 126, 65_536].map {
        let text = String(repeating: "é", count: $0)
        return FrameRow("\($0) characters of two bytes", [.text(text)], [message(text)])
    }

    static let limits: [FrameRow] = [
        FrameRow("frame of limit - 1", [.binary(bytes(9))], [.message(.binary, bytes(9))]).limited(frame: 10),
        FrameRow("frame of the limit", [.binary(bytes(10))], [.message(.binary, bytes(10))]).limited(frame: 10),
        FrameRow("message of the limit", [.binary(bytes(6), isFinal: false), .more(bytes(4))],
            [.message(.binary, bytes(6) + bytes(4))]).limited(message: 10),
        FrameRow("each message has the limit", [.binary(bytes(10)), .binary(bytes(10))],
            [.message(.binary, bytes(10)), .message(.binary, bytes(10))]).limited(message: 10),
        FrameRow("limit of nothing", [.binary([])], [.message(.binary, [])]).limited(frame: 0, message: 0),
        FrameRow("as many fragments as allowed", [.text("a", isFinal: false), .more("b", isFinal: false), .more("c")],
            [message("abc")]).limited(fragments: 3),
        FrameRow("one fragment allowed", [.text("a")], [message("a")]).limited(fragments: 1),
        FrameRow("fragments are counted by message",
            [.text("a", isFinal: false), .more("b"), .text("c", isFinal: false), .more("d")],
            [message("ab"), message("cd")]).limited(fragments: 2),
        FrameRow("control frames are no fragments",
            [.text("a", isFinal: false), .ping("1"), .ping("2"), .more("b")],
            [.control(.ping, [0x31]), .control(.ping, [0x32]), message("ab")]).limited(fragments: 2),
        FrameRow("control frames have their own limit", [.ping("123")], [.control(.ping, Array("123".utf8))])
            .limited(frame: 1, message: 1),
    ]

    @Test(arguments: whole + fragmented + lengths + limits)
    func givesTheSameAtAnyCut(_ row: FrameRow) { expectConsistent(row) }

    @Test func aFrameOfAnySizeIsTakenWhereTheLimitAllowsIt() throws {
        var reader = FrameReader()
        var window = ClientFrame(opcode: 2, payload: [1, 2, 3], announced: UInt64(Int.max)).encoded
        var span = window.mutableSpan
        var offset = 0
        let limits = MessageLimits(frameBytesMax: .max, messageBytesMax: .max)
        let step = try reader.next(&span, at: &offset, limits: limits)
        guard case .piece(let piece) = step else { return #expect(Bool(false), "a piece was due") }
        #expect(piece.count == 3)
        #expect(piece.frameRest == Int.max - 3)
        #expect(piece.begins && !piece.ends)
    }

    @Test func aWindowThatEndsBehindAHeaderGivesAnEmptyPiece() throws {
        var reader = FrameReader()
        var window = Array(ClientFrame.binary([1, 2]).encoded.prefix(6))
        var span = window.mutableSpan
        var offset = 0
        let limits = MessageLimits(frameBytesMax: 10, messageBytesMax: 10)
        guard case .piece(let piece) = try reader.next(&span, at: &offset, limits: limits) else {
            return #expect(Bool(false), "a piece was due")
        }
        #expect(piece.count == 0 && piece.begins && !piece.ends && piece.frameRest == 2)
        try reader.transfer(piece, in: &span, to: piece.offset)
        let isDone = try reader.next(&span, at: &offset, limits: limits) == nil
        #expect(isDone)
    }
}
