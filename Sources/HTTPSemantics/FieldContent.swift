// Heads are read and copied here: each byte of each request and answer. Slow safe twins are in the tests.
extension Span<UInt8> {
    /// Where the first byte from `start` to `end` is that may stand in no field (`isFieldContent`); `end`: nowhere.
    package func fieldContentEnd(from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && start <= end && end <= self.count)
        return unsafe self.withUnsafeBytes { bytes in
            var index = start
            while end &- index >= 8 {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let suspects = Self.suspects(word)
                guard suspects != 0 else {
                    index &+= 8
                    continue
                }
                index &+= suspects.trailingZeroBitCount &>> 3
                guard unsafe bytes[index].isFieldContent else { return index }
                // A tab.
                index &+= 1
            }
            while unsafe index < end && bytes[index].isFieldContent { index &+= 1 }
            return index
        }
    }

    /// The top bit of each byte below 0x20 and of each 0x7F. The lowest that is set is right; those above it need not
    /// be, for a subtraction borrows from the byte above.
    private static func suspects(_ word: UInt64) -> UInt64 {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let below = (word &- 0x20 &* ones) & ~word
        let differs = word ^ 0x7F &* ones
        let deletes = (differs &- ones) & ~differs
        return (below | deletes) & tops
    }

    /// The bytes in an array of their own, for what outlives the caller's buffer.
    package var copied: [UInt8] { unsafe self.withUnsafeBufferPointer { unsafe Array($0) } }
}

extension [UInt8] {
    package mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe self.append(contentsOf: $0) }
    }
}
