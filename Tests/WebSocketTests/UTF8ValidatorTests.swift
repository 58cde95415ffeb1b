import SimulatedIO
import Testing
import WebSocket

/// Every well-formed sequence by Unicode's table 3-7, first byte to last: the validator's slow twin.
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

private enum Verdict: Equatable {
    case text
    case unfinished
    case wrong
}

/// By the table alone.
private func tableVerdict(_ bytes: [UInt8]) -> Verdict {
    var rest = bytes[...]
    while let first = rest.first {
        guard let row = table.first(where: { $0[0].contains(first) }) else { return .wrong }
        let sequence = rest.prefix(row.count)
        guard zip(row, sequence).allSatisfy({ $0.contains($1) }) else { return .wrong }
        if sequence.count < row.count { return .unfinished }
        rest = rest.dropFirst(row.count)
    }
    return .text
}

private func verdict(_ bytes: [UInt8]) -> Verdict {
    var validator = UTF8Validator()
    guard validator.consume(bytes.span) else { return .wrong }
    return validator.isAtBoundary ? .text : .unfinished
}

@Suite struct UTF8ValidatorTests {
    @Test func everyPrefixOfOneAndTwoBytes() {
        for first in UInt8.min...UInt8.max {
            #expect(verdict([first]) == tableVerdict([first]))
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                if verdict(bytes) != tableVerdict(bytes) { Issue.record("\(bytes)") }
            }
        }
    }

    /// The third byte only at the edges of its classes; the first two take every value.
    @Test func everyPrefixOfTwoBytesWithAThird() {
        let edges: [UInt8] = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF4, 0xFF]
        for first in UInt8(0x7E)...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for third in edges {
                    let bytes = [first, second, third]
                    if verdict(bytes) != tableVerdict(bytes) { Issue.record("\(bytes)") }
                }
            }
        }
    }

    /// The first and last sequence of each row, and each with one byte beyond its range.
    @Test(arguments: table) func edgesOfTheTable(_ row: [ClosedRange<UInt8>]) {
        let lowest = row.map(\.lowerBound)
        let highest = row.map(\.upperBound)
        #expect(verdict(lowest) == .text)
        #expect(verdict(highest) == .text)
        for count in 1..<row.count { #expect(verdict(Array(highest.prefix(count))) == .unfinished) }
        for index in row.indices.dropFirst() {
            for bad in [row[index].lowerBound &- 1, row[index].upperBound &+ 1] {
                var bytes = lowest
                bytes[index] = bad
                #expect(verdict(bytes) == .wrong, "\(bytes)")
            }
        }
    }

    /// The whole first plane, and every 61st scalar of the others: an unoptimised run takes seconds for all.
    @Test func scalarsAreText() {
        for value in Array(UInt32(0)...0xFFFF) + Array(stride(from: 0x10000, through: 0x10FFFF, by: 61)) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(UTF8.encode(scalar)!)
            if verdict(bytes) != .text { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test func agreesWithTheStandardLibraryOnRandomBytes() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        // Bytes that make characters likely.
        let alphabet: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...9, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            let isText = String(validating: bytes, as: UTF8.self) != nil
            if (verdict(bytes) == .text) != isText { Issue.record("\(bytes), seed \(seed)") }
        }
    }

    @Test func aCutAnywhereChangesNothing() {
        let inputs: [[UInt8]] = [
            Array("aé€😀 and sixteen more bytes of ASCII, then ü".utf8),
            [UInt8](repeating: 0x41, count: 33) + [0xC3],
            [0x41, 0xE2, 0x82, 0x41],
        ]
        for bytes in inputs {
            for cut in 0...bytes.count {
                var validator = UTF8Validator()
                let isTaken = validator.consume(bytes.span.extracting(..<cut))
                    && validator.consume(bytes.span, from: cut)
                let cutVerdict: Verdict = !isTaken ? .wrong : validator.isAtBoundary ? .text : .unfinished
                #expect(cutVerdict == verdict(bytes), "cut at \(cut)")
            }
        }
    }

    @Test func failsAtTheVeryByte() {
        for (bytes, good) in [
            ([0x41, 0xC1], 1), ([0xE0, 0x9F], 1), ([0xED, 0xA0], 1), ([0xF0, 0x8F], 1), ([0xF4, 0x90], 1),
            ([0xF5], 0), ([0xE2, 0x82, 0x41], 2), ([0xF1, 0x80, 0x80, 0xC0], 3),
        ] as [([UInt8], Int)] {
            var validator = UTF8Validator()
            var taken = 0
            while taken < bytes.count, validator.consume(bytes.span.extracting(taken..<taken + 1)) { taken += 1 }
            #expect(taken == good, "\(bytes)")
        }
    }
}
