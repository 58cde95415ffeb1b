@testable import StdioFraming
import Testing

@Suite struct TextRepairTests {
    static let rows: [[UInt8]] = [
        [], Array("aé€😀".utf8), [0x61, 0x80, 0x62], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80],
        [0xED, 0xA0, 0x80],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80], [0xE2, 0x82], [0xE2, 0x82, 0x41],
        [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41], [0xF0, 0x9F, 0xE2, 0x82, 0xAC], [0xFF, 0xFE, 0xFD],
        [0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64],
    ]

    /// The standard library repairs by the same rule, which makes it the twin.
    @Test(arguments: rows)
    func repairsAsTheStandardSays(_ bytes: [UInt8]) {
        let expected = Array(String(decoding: bytes, as: UTF8.self).utf8)
        let count = TextRepair.repairedCount(of: bytes.span)
        #expect(count == expected.count)
        var offset = 0
        let repaired = [UInt8](capacity: count) { TextRepair.append(bytes.span, from: &offset, to: &$0) }
        #expect(repaired == expected)
        #expect(offset == bytes.count)
    }

    @Test(arguments: rows)
    func aSmallOutputIsFilledBetweenCharacters(_ bytes: [UInt8]) {
        var offset = 0
        var repaired: [UInt8] = []
        while offset < bytes.count {
            let before = offset
            repaired += [UInt8](capacity: 4) { TextRepair.append(bytes.span, from: &offset, to: &$0) }
            #expect(offset > before)
        }
        #expect(repaired == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    @Test func everyPairAndTripleOfInterestingBytes() {
        let bytes: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        var wrong = 0
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    for d in bytes {
                        let input = [a, b, c, d]
                        var offset = 0
                        let repaired = [UInt8](capacity: 12) {
                            TextRepair.append(input.span, from: &offset, to: &$0)
                        }
                        if repaired != Array(String(decoding: input, as: UTF8.self).utf8) { wrong += 1 }
                    }
                }
            }
        }
        #expect(wrong == 0)
    }
}
