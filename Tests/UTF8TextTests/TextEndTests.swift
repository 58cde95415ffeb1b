import SimulatedIO
import Testing
import UTF8Text

/// Every well-formed sequence by Unicode's table 3-7, first byte to last.
private let table: [[ClosedRange<UInt8>]] = [
    [0x00...0x7F],
    [0xC2...0xDF, 0x80...0xBF],
    [0xE0...0xE0, 0xA0...0xBF, 0x80...0xBF],
    [0xE1...0xEC, 0x80...0xBF, 0x80...0xBF],
    [0xED...0xED, 0x80...0x9F, 0x80...0xBF],
    [0xEE...0xEF, 0x80...0xBF, 0x80...0xBF],
    [0xF0...0xF0, 0x90...0xBF, 0x80...0xBF, 0x80...0xBF],
    [0xF1...0xF3, 0x80...0xBF, 0x80...0xBF, 0x80...0xBF],
    [0xF4...0xF4, 0x80...0x8F, 0x80...0xBF, 0x80...0xBF],
]

/// The slow twin: by the table, one character after the other.
private func slowEnd(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start
    while index < bytes.count {
        let isWhole = { (row: [ClosedRange<UInt8>]) in
            row.count <= bytes.count - index && row.indices.allSatisfy { row[$0].contains(bytes[index + $0]) }
        }
        guard let row = table.first(where: isWhole) else { break }
        index += row.count
    }
    return index
}

@Suite struct TextEndTests {
    /// Bytes at which something changes.
    private static let edges: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF,
    ]

    private func expectSame(_ bytes: [UInt8], from start: Int = 0) {
        let (end, expected) = (bytes.span.textEnd(from: start), slowEnd(bytes, from: start))
        if end != expected { Issue.record("\(end) instead of \(expected) from \(start): \(bytes)") }
    }

    /// Every first and second byte, with and without more behind them.
    @Test func pairs() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for rest in [[], [0xBF, 0x41, 0x41, 0x41, 0x41, 0x41]] as [[UInt8]] {
                    self.expectSame([first, second] + rest)
                }
            }
        }
    }

    /// Three bytes from a lead on, at the edges of their classes, in a word and where less than a word is left.
    @Test func triples() {
        for lead in Self.edges where lead >= 0xC2 {
            for second in Self.edges {
                for third in Self.edges {
                    for fourth in [0x41, 0x7F, 0x80, 0xBF, 0xC2] as [UInt8] {
                        let character = [lead, second, third, fourth]
                        self.expectSame(character)
                        self.expectSame([0x61, 0x62] + character + [0x63, 0x64, 0x65])
                    }
                }
            }
        }
    }

    /// Each edge at each place of texts of every length around words and blocks of words.
    @Test(arguments: ["a", "é", "€", "😀"])
    func everyPlace(_ filler: String) {
        for count in [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 39, 40, 41, 48, 73] {
            let text = Array(String(repeating: filler, count: count / filler.utf8.count).utf8)
            self.expectSame(text)
            for place in text.indices {
                self.expectSame(text, from: place)
                for byte in [0x41, 0x80, 0xC2, 0xE2, 0xF0, 0xFF] as [UInt8] {
                    var other = text
                    other[place] = byte
                    self.expectSame(other)
                    self.expectSame(Array(other[...place]))
                }
            }
        }
    }

    @Test func randomText() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let alphabet = ["a", "plain words ", "ö", "日本語", "🙂", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10FFFF}"]
        for _ in 0..<1_000 {
            var bytes = (0..<Int.random(in: 1...12, using: &random)).flatMap { _ in
                Array(alphabet.randomElement(using: &random)!.utf8)
            }
            #expect(bytes.span.textEnd() == bytes.count, "seed \(seed)")
            bytes[Int.random(in: bytes.indices, using: &random)] = Self.edges.randomElement(using: &random)!
            self.expectSame(bytes, from: Int.random(in: 0...bytes.count, using: &random))
        }
    }

    @Test func nothingIsText() {
        #expect([UInt8]().span.textEnd() == 0)
    }
}
