/// What the fuzzer hands over: a few bytes that choose options, then the bytes under test.
package struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    package init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        unsafe self.bytes = Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    /// The next option byte, 0 when none is left.
    package mutating func option() -> UInt8 { self.bytes.popFirst() ?? 0 }

    package mutating func choice<Value>(_ values: [Value]) -> Value {
        values[Int(self.option()) % values.count]
    }

    package var rest: [UInt8] { Array(self.bytes) }
}

/// Cuts bytes into pieces of sizes that follow from `seed`: mostly few bytes, sometimes many.
package func pieces(of bytes: [UInt8], seed: UInt8) -> [[UInt8]] {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let isLong = state >> 60 == 0
        let count = Int(state >> 40 % (isLong ? 4096 : 12))
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }
    return pieces
}

/// A finding: libFuzzer keeps the input and stops.
package func finding(_ message: @autoclosure () -> String) -> Never { fatalError(message()) }

package func expectSame<Value: Equatable>(_ left: Value, _ right: Value, _ message: String) {
    if left != right { finding("\(message)\n  \(left)\n  \(right)") }
}
