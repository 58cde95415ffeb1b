import Testing
import WebSocket

/// What RFC 6455 5.3 says, one byte after the other: the kernel's slow safe twin.
private func slowUnmask(_ masked: ArraySlice<UInt8>, key: [UInt8]) -> [UInt8] {
    masked.enumerated().map { $0.element ^ key[$0.offset % 4] }
}

private func word(_ key: [UInt8]) -> UInt32 {
    key.reversed().reduce(0) { $0 << 8 | UInt32($1) }
}

@Suite struct MaskingKernelTests {
    private static let lengthMax = 200
    private static let key: [UInt8] = [0x11, 0xA2, 0x73, 0xF4]

    /// Masked bytes without a pattern, or ones that are ASCII when unmasked with `key` from their first byte on.
    private static func masked(_ count: Int, ascii: Bool) -> [UInt8] {
        (0..<count).map { index in
            ascii
                ? UInt8(truncatingIfNeeded: index % 128) ^ Self.key[index % 4]
                : UInt8(truncatingIfNeeded: index &* 167 &+ 13)
        }
    }

    /// The key as it stands after `turns` bytes.
    private static func rotated(_ turns: Int) -> [UInt8] { (0..<4).map { Self.key[(turns + $0) % 4] } }

    @Test(arguments: 0..<32)
    func inPlaceAtEveryAlignmentAndLength(_ source: Int) {
        for count in 0...Self.lengthMax {
            for shift in Set([0, 1, 2, 3, 4, 7, 8, 14, 31, source]) where shift <= source {
                self.expectSameInPlace(source: source, count: count, shift: shift)
            }
        }
    }

    private func expectSameInPlace(source: Int, count: Int, shift: Int) {
        let before = Self.masked(source + count + 9, ascii: false)
        let key = Self.rotated(count)
        var window = before
        var span = window.mutableSpan
        let result = MaskingKernel.unmask(
            &span, from: source, count: count, to: source - shift, key: word(key))
        let plain = slowUnmask(before[source..<source + count], key: key)
        var expected = before
        expected.replaceSubrange(source - shift..<source - shift + count, with: plain)
        guard window != expected || word(key.rotated(count)) != result.key
            || result.isASCII != plain.allSatisfy({ $0 < 0x80 })
        else { return }
        Issue.record("differs at source \(source), count \(count), shift \(shift)")
    }

    @Test(arguments: 0..<8)
    func intoAnotherBufferAtEveryAlignmentAndLength(_ source: Int) {
        for count in 0...Self.lengthMax {
            for destination in 0..<8 {
                var window = Self.masked(source + count, ascii: false)
                let plain = slowUnmask(window[source...], key: Self.key)
                var output = [UInt8](repeating: 0xEE, count: destination + count + 5)
                let input = window.mutableSpan
                var span = output.mutableSpan
                let result = MaskingKernel.unmask(
                    input, from: source, count: count, into: &span, at: destination, key: word(Self.key))
                let frame = [UInt8](repeating: 0xEE, count: destination) + plain + [UInt8](repeating: 0xEE, count: 5)
                let isRight = output == frame && result.key == word(Self.key.rotated(count))
                if !isRight { Issue.record("differs at source \(source), count \(count), to \(destination)") }
            }
        }
    }

    @Test func aPayloadCutAnywhereIsUnmaskedWithTheRotatedKey() {
        let masked = Self.masked(67, ascii: false)
        let whole = slowUnmask(masked[...], key: Self.key)
        for cut in 0...masked.count {
            var window = masked
            var span = window.mutableSpan
            let first = MaskingKernel.unmask(&span, from: 0, count: cut, to: 0, key: word(Self.key))
            _ = MaskingKernel.unmask(&span, from: cut, count: masked.count - cut, to: cut, key: first.key)
            #expect(window == whole, "cut at \(cut)")
        }
    }

    @Test func oneHighBitAnywhereIsSeen() {
        for count in 0...Self.lengthMax {
            let ascii = Self.masked(count, ascii: true)
            #expect(Self.isASCII(ascii))
            for position in 0..<count {
                var other = ascii
                other[position] ^= 0x80
                if Self.isASCII(other) { Issue.record("not seen at \(position) of \(count)") }
            }
        }
    }

    private static func isASCII(_ masked: [UInt8]) -> Bool {
        var window = masked
        var span = window.mutableSpan
        return MaskingKernel.unmask(&span, from: 0, count: masked.count, to: 0, key: word(Self.key)).isASCII
    }

    @Test func theWordIsLittleEndianAtAnyOffset() {
        var window: [UInt8] = [0, 0x11, 0x22, 0x33, 0x44, 0x55]
        let span = window.mutableSpan
        var words: [UInt32] = []
        for offset in 0...2 { words.append(MaskingKernel.word(span, at: offset)) }
        #expect(words == [0x3322_1100, 0x4433_2211, 0x5544_3322])
    }

    @Test func aRangeBeyondTheWindowStops() async {
        await #expect(processExitsWith: .failure) {
            var window = [UInt8](repeating: 0, count: 8)
            var span = window.mutableSpan
            _ = MaskingKernel.unmask(&span, from: 4, count: 5, to: 0, key: 0)
        }
        await #expect(processExitsWith: .failure) {
            var window = [UInt8](repeating: 0, count: 8)
            var span = window.mutableSpan
            _ = MaskingKernel.unmask(&span, from: 1, count: 2, to: 2, key: 0)
        }
        await #expect(processExitsWith: .failure) {
            var window = [UInt8](repeating: 0, count: 8)
            var output = [UInt8](repeating: 0, count: 8)
            let input = window.mutableSpan
            var span = output.mutableSpan
            _ = MaskingKernel.unmask(input, from: 0, count: 8, into: &span, at: 1, key: 0)
        }
    }
}

extension [UInt8] {
    fileprivate func rotated(_ turns: Int) -> [UInt8] { (0..<4).map { self[(turns + $0) % 4] } }
}
