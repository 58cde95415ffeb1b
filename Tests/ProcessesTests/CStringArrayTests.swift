import SystemCalls
import Testing

@Suite struct CStringArrayTests {
    @Test func findsTheFirstValueOfAName() {
        let strings = CStringArray(["XPATH=no", "PATH=/bin:/usr/bin", "PATH=second", "EMPTY="])
        #expect(strings.value(of: "PATH") == "/bin:/usr/bin")
        #expect(strings.value(of: "EMPTY") == "")
        #expect(strings.value(of: "PAT") == nil)
        #expect(strings.hasValue("/bin:/usr/bin", of: "PATH"))
        #expect(!strings.hasValue("/bin:/usr/bi", of: "PATH"))
        #expect(!strings.hasValue("second", of: "PATH"))
        #expect(!strings.hasValue("", of: "PAT"))
        #expect(strings.count == 4)
        #expect(strings.byteCount == 9 + 19 + 12 + 7)
    }

    @Test func entriesArePutTogether() {
        var strings = CStringArray()
        strings.append("NAME", "value=1")
        strings.append("EMPTY", "")
        #expect(strings.value(of: "NAME") == "value=1")
        #expect(strings.hasValue("", of: "EMPTY"))
        #expect(strings.byteCount == 13 + 7)
        strings.append("NUL", ([0x61, 0x00] as [UInt8]).span)
        #expect(strings.holdsInnerNul)
    }

    @Test func noticesWhatCCannotCarry() {
        var strings = CStringArray(["a=b"])
        #expect(!strings.holdsInnerNul)
        strings.append(bytes: ([0x61, 0x00] as [UInt8]).span)
        #expect(strings.holdsInnerNul)
    }
}
