internal import Glibc

/// Bytes that nobody can guess (getentropy(3)), fetched from the kernel many at a time.
package struct RandomWords {
    /// 256 bytes, the most that one call gives.
    private static let wordsAtOnce = 32

    private var words: [UInt64] = []

    package init() {}

    package mutating func next() -> UInt64 {
        if let word = self.words.popLast() { return word }
        self.words = Self.fetch()
        guard let word = self.words.popLast() else { preconditionFailure("at least one word was fetched") }
        return word
    }

    private static func fetch() -> [UInt64] {
        var words = [UInt64](repeating: 0, count: Self.wordsAtOnce)
        let wanted = words.count * MemoryLayout<UInt64>.size
        let answer = unsafe words.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe getentropy($0, wanted) }
        }
        precondition(answer == 0, "getentropy fails for more than 256 bytes only")
        return words
    }
}
