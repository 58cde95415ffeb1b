import Testing
import WebSocket

/// Broken rules, each with the byte at which it must show.
@Suite struct FrameViolationTests {
    private static func opened(_ frames: ClientFrame...) -> [ClientFrame] {
        [.text("a", isFinal: false)] + frames
    }

    static let opcodes: [FrameRow] = (UInt8(0)...15).compactMap { opcode in
        guard Opcode(rawValue: opcode) == nil else { return nil }
        return FrameRow("opcode \(opcode)", [ClientFrame(opcode: opcode)], .unknownOpcode(opcode), at: 1)
    }

    static let reserved: [FrameRow] = (UInt8(1)...7).flatMap { bits in
        [0, 1, 2, 8, 9, 10].map { opcode in
            FrameRow(
                "reserved \(bits), opcode \(opcode)", [ClientFrame(opcode: opcode, reserved: bits)],
                .reservedBits, at: 1)
        }
    }

    static let headers: [FrameRow] = [
        FrameRow("reserved and unknown", [ClientFrame(opcode: 3, reserved: 4)], .reservedBits, at: 1),
        FrameRow("unmasked", [ClientFrame(opcode: 1, isMasked: false)], .unmaskedFrame, at: 2),
        FrameRow("unmasked ping", [ClientFrame(opcode: 9, isMasked: false)], .unmaskedFrame, at: 2),
        FrameRow("second frame unmasked", [.text("a"), ClientFrame(opcode: 1, isMasked: false)],
            before: [.message(.text, [0x61])], .unmaskedFrame, at: 9),
        FrameRow("125 in 16 bits", [.announcing(125, as: .bits16)], .lengthNotMinimal, at: 4),
        FrameRow("0 in 16 bits", [.announcing(0, as: .bits16)], .lengthNotMinimal, at: 4),
        FrameRow("65535 in 64 bits", [.announcing(65_535, as: .bits64)], .lengthNotMinimal, at: 10),
        FrameRow("1 in 64 bits", [.announcing(1, as: .bits64)], .lengthNotMinimal, at: 10),
        FrameRow("2^63", [.announcing(1 << 63)], .lengthMostSignificantBit, at: 10),
        FrameRow("2^64 - 1", [.announcing(.max)], .lengthMostSignificantBit, at: 10),
    ]

    static let control: [FrameRow] = ([8, 9, 10] as [UInt8]).flatMap { opcode in
        [
            FrameRow("fragmented \(opcode)", [ClientFrame(opcode: opcode, isFinal: false)],
                .fragmentedControlFrame, at: 2),
            FrameRow("\(opcode) of 126", [ClientFrame(opcode: opcode, announced: 126)],
                .controlFrameTooLong(126), at: 2),
            FrameRow("\(opcode) of 65536", [ClientFrame(opcode: opcode, announced: 65_536)],
                .controlFrameTooLong(127), at: 2),
        ]
    }

    static let order: [FrameRow] = [
        FrameRow("continuation of nothing", [.more("a")], .continuationWithoutMessage, at: 6),
        FrameRow("continuation behind a whole message", [.text("a"), .more("b")],
            before: [.message(.text, [0x61])], .continuationWithoutMessage, at: 13),
        FrameRow("text within text", opened(.text("b")), .messageWithinMessage, at: 13),
        FrameRow("binary within text", opened(.binary([1])), .messageWithinMessage, at: 13),
        FrameRow("new message behind a ping", opened(.ping(""), .text("b")), before: [.control(.ping, [])],
            .messageWithinMessage, at: 19),
    ]

    static let limits: [FrameRow] = [
        FrameRow("frame of limit + 1", [.announcing(11)], .frameTooLarge(limit: 10), at: 6).limited(frame: 10),
        FrameRow("2^63 - 1", [.announcing(UInt64(Int.max))], .frameTooLarge(limit: 10), at: 14).limited(frame: 10),
        FrameRow("message of limit + 1 in one frame", [.announcing(11)], .messageTooLarge(limit: 10), at: 6)
            .limited(message: 10),
        FrameRow("message of limit + 1 in fragments",
            [.binary([1, 2, 3], isFinal: false), .more([4, 5, 6], isFinal: false), .announcing(5).continuing],
            .messageTooLarge(limit: 10), at: 24).limited(message: 10),
        FrameRow("sum beyond 64 bits",
            [.binary([1], isFinal: false), .announcing(UInt64(Int.max)).continuing],
            .messageTooLarge(limit: .max), at: 21).limited(frame: .max, message: .max),
        FrameRow("one fragment too many", opened(.more("", isFinal: false), .more("")),
            .tooManyFragments(limit: 2), at: 19).limited(fragments: 2),
        FrameRow("no second fragment", opened(.more("")), .tooManyFragments(limit: 1), at: 13).limited(fragments: 1),
    ]

    static let text: [FrameRow] = [
        FrameRow("lone continuation byte", [.text([0x61, 0x80, 0x61])], .invalidUTF8, at: 8),
        FrameRow("overlong slash", [.text([0xC0, 0xAF])], .invalidUTF8, at: 7),
        FrameRow("overlong of three", [.text([0xE0, 0x9F, 0x80])], .invalidUTF8, at: 8),
        FrameRow("surrogate", [.text([0xED, 0xA0, 0x80])], .invalidUTF8, at: 8),
        FrameRow("beyond U+10FFFF", [.text([0xF4, 0x90, 0x80, 0x80])], .invalidUTF8, at: 8),
        FrameRow("FF", [.text([UInt8](repeating: 0x61, count: 40) + [0xFF])], .invalidUTF8, at: 47),
        FrameRow("ASCII where a character goes on", [.text([0xE2, 0x82, 0x61, 0x61])], .invalidUTF8, at: 9),
        FrameRow("ends within a character", [.text([0x61, 0xE2, 0x82])], .invalidUTF8, at: 9),
        FrameRow("ends within a character, empty fragment", [.text([0xE2, 0x82], isFinal: false), .more("")],
            .invalidUTF8, at: 14),
        FrameRow("broken off by the next fragment", [.text([0xE2, 0x82], isFinal: false), .more("ab")],
            .invalidUTF8, at: 15),
        FrameRow("bad byte long before the end of its frame",
            [ClientFrame(opcode: 1, payload: [0xFF], announced: 60_000)], .invalidUTF8, at: 9),
        FrameRow("text after binary is checked again", [.binary([0xFF]), .text([0xFF])],
            before: [.message(.binary, [0xFF])], .invalidUTF8, at: 14),
    ]

    @Test(arguments: opcodes + reserved + headers + control + order + limits + text)
    func showsAtItsByteWhateverTheCut(_ row: FrameRow) { expectConsistent(row) }

    @Test func fragmentsAreBoundedByDefault() {
        let limits = MessageLimits(frameBytesMax: 1, messageBytesMax: 1)
        var wire = ClientFrame.text("", isFinal: false).encoded
        for _ in 0..<limits.fragmentsMax { wire += ClientFrame.more("", isFinal: false).encoded }
        #expect(FrameTrace([wire], limits: limits).violation == .tooManyFragments(limit: limits.fragmentsMax))
        wire.removeLast(6)
        #expect(FrameTrace([wire], limits: limits).violation == nil)
    }
}

extension ClientFrame {
    /// The same as a continuation.
    fileprivate var continuing: ClientFrame {
        var frame = self
        frame.opcode = 0
        return frame
    }
}
