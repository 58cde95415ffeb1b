import HTTP1
import HTTPSemantics
import Testing

/// A body on the wire and what it is read as.
struct BodyRow: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: String
    let outcome: BodyOutcome

    init(_ name: String, _ wire: String, _ outcome: BodyOutcome) {
        self.name = name
        self.wire = wire
        self.outcome = outcome
    }

    var testDescription: String { self.name }
}

enum BodyOutcome: Equatable, Sendable {
    case more(String)
    case whole(String, trailers: HeaderFields = [:], behind: Int = 0)
    case refused(BodyViolation)
}

/// Feeds `wire` in the pieces that `cuts` make of it.
func read(_ framing: BodyFraming, _ wire: [UInt8], cuts: [Int]) -> BodyOutcome {
    var reader = BodyReader(framing)
    var content: [UInt8] = []
    var start = 0
    for end in cuts + [wire.count] {
        let piece = Array(wire[start..<end])
        var offset = 0
        do throws(BodyViolation) {
            while let found = try reader.next(piece.span, from: &offset) {
                switch found {
                case .data(let range): content += piece[range]
                case .end(let trailers):
                    let text = String(decoding: content, as: UTF8.self)
                    return .whole(text, trailers: trailers, behind: wire.count - start - offset)
                }
            }
        } catch {
            return .refused(error)
        }
        start = end
    }
    return .more(String(decoding: content, as: UTF8.self))
}

@Suite struct BodyReaderTests {
    static let rows: [BodyRow] = [
        BodyRow("one chunk", "5\r\nhello\r\n0\r\n\r\n", .whole("hello")),
        BodyRow("two chunks", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", .whole("hello!")),
        BodyRow("none", "0\r\n\r\n", .whole("")),
        BodyRow("capitals and zeros", "0000A\r\n0123456789\r\n000\r\n\r\n", .whole("0123456789")),
        BodyRow("extensions", "5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", .whole("hello")),
        BodyRow(
            "trailers", "1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n", .whole("a", trailers: ["A": "b", "C": "d"])),
        BodyRow("what follows is left", "1\r\na\r\n0\r\n\r\nGET", .whole("a", behind: 3)),
        BodyRow("not at its end", "5\r\nhel", .more("hel")),
        BodyRow("line breaks are content", "4\r\n\r\n0\n\r\n0\r\n\r\n", .whole("\r\n0\n")),
        BodyRow("bare LF behind a size", "5\nhello\r\n", .refused(.malformedChunkSize)),
        BodyRow("bare LF behind an extension", "5;a\nhello", .refused(.malformedChunkSize)),
        BodyRow("bare CR behind a size", "5\r5\r\n", .refused(.malformedChunkSize)),
        BodyRow("no size", "\r\nhello", .refused(.malformedChunkSize)),
        BodyRow("a sign", "+5\r\nhello", .refused(.malformedChunkSize)),
        BodyRow("0x", "0x5\r\nhello", .refused(.malformedChunkSize)),
        BodyRow("a space behind the size", "5 \r\nhello", .refused(.malformedChunkSize)),
        BodyRow("a space in front", " 5\r\nhello", .refused(.malformedChunkSize)),
        BodyRow("an underscore", "5_0\r\n", .refused(.malformedChunkSize)),
        BodyRow("too many digits", "0000000000000005\r\n", .refused(.chunkTooLarge)),
        BodyRow("the largest numbers", "ffffffffffffffff\r\n", .refused(.chunkTooLarge)),
        BodyRow("longer than said", "3\r\nhello\r\n", .refused(.chunkWithoutEnd)),
        BodyRow("LF alone behind data", "5\r\nhello\n0\r\n\r\n", .refused(.chunkWithoutEnd)),
        BodyRow("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", .refused(.malformedTrailer)),
        BodyRow("a trailer without colon", "0\r\nA\r\n\r\n", .refused(.malformedTrailer)),
        BodyRow("bare LF in trailers", "0\r\nA: b\n\r\n", .refused(.malformedTrailer)),
        BodyRow("bare LF at the end", "0\r\n\n", .refused(.malformedTrailer)),
    ]

    @Test(arguments: rows)
    func chunksAreReadTheSameHoweverTheyAreCut(_ row: BodyRow) {
        let wire = Array(row.wire.utf8)
        #expect(read(.chunked, wire, cuts: []) == row.outcome)
        for cut in wire.indices { #expect(read(.chunked, wire, cuts: [cut]) == row.outcome, "cut at \(cut)") }
        #expect(read(.chunked, wire, cuts: Array(wire.indices)) == row.outcome, "byte by byte")
    }

    @Test func lengthsAreKept() {
        let wire = Array("hello!".utf8)
        for cut in wire.indices {
            #expect(read(.length(5), wire, cuts: [cut]) == .whole("hello", behind: 1), "cut at \(cut)")
            #expect(read(.length(7), wire, cuts: [cut]) == .more("hello!"), "cut at \(cut)")
            #expect(read(.untilClose, wire, cuts: [cut]) == .more("hello!"), "cut at \(cut)")
        }
        #expect(read(.none, wire, cuts: []) == .whole("", behind: 6))
    }

    @Test(arguments: [(BodyFraming.untilClose, true), (.none, true), (.length(1), false), (.chunked, false)])
    func theEndOfTheConnectionEndsOnlyWhatHasNoOtherEnd(_ framing: BodyFraming, _ isWhole: Bool) {
        var reader = BodyReader(framing)
        let hasEnded = reader.connectionEnded()
        #expect(hasEnded == isWhole)
    }

    @Test func boundsHold() {
        let extension257 = "1;" + String(repeating: "x", count: 257)
        #expect(
            read(.chunked, Array(extension257.utf8), cuts: []) == .refused(.chunkExtensionTooLong(bytesMax: 256)))
        let trailers = "0\r\n" + String(repeating: "A: \(String(repeating: "b", count: 997))\r\n", count: 9)
        #expect(read(.chunked, Array(trailers.utf8), cuts: []) == .refused(.trailersTooLarge(bytesMax: 8192)))
        let many = "0\r\n" + String(repeating: "A: b\r\n", count: 33)
        #expect(read(.chunked, Array(many.utf8), cuts: []) == .refused(.tooManyTrailers(countMax: 32)))
    }

    @Test(arguments: [1, 15, 16, 255, 256, 4096, 65_537])
    func whatIsWrappedIsReadAgain(_ count: Int) {
        var bytes = [UInt8](repeating: 0x61, count: ChunkFrame.headroom + count + ChunkFrame.tailroom)
        var window = bytes.mutableSpan
        let chunk = ChunkFrame.wrap(&window, ChunkFrame.headroom..<ChunkFrame.headroom + count)
        let wire = Array(bytes[chunk]) + Array("0\r\n\r\n".utf8)
        #expect(read(.chunked, wire, cuts: []) == .whole(String(repeating: "a", count: count)))
    }
}
