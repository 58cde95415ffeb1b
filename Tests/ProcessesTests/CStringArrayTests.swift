import SystemCalls
import Testing

@Suite struct CStringArrayTests {
    @Test func findsTheFirstValueOfAName() {
        let strings = CStringArray(["XPATH=no", "PATH=/bin:/usr/bin", "PATH=second", "EMPTY="])
        #expect(strings.value(of: "PATH") == "/bin:/usr/bin")
        #expect(strings.value(of: "EMPTY") == "")
        #expect(strings.value(of: "PAT") == nil)
        #expect(strings.count == 4)
        #expect(strings.byteCount == 9 + 19 + 12 + 7)
    }

    @Test func noticesWhatCCannotCarry() {
        var strings = CStringArray(["a=b"])
        #expect(!strings.holdsInnerNul)
        strings.append(bytes: [0x61, 0x00])
        #expect(strings.holdsInnerNul)
    }
}
