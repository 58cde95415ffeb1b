/// Strings as execve(2) takes them: one block of NUL-terminated bytes, so that a thousand environment
/// variables cost two allocations.
///
///     | K = V NUL | K = V NUL | …
///       ^starts[0]  ^starts[1]
package struct CStringArray: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []

    /// True exactly when an appended string had a NUL inside, which C cannot carry.
    package private(set) var holdsInnerNul = false

    package init() {}

    package init(_ strings: some Sequence<String>) {
        for string in strings { self.append(string) }
    }

    package var count: Int { self.starts.count }

    /// What the strings take, terminators included.
    package var byteCount: Int { self.bytes.count }

    package mutating func append(_ string: String) {
        self.append(bytes: string.utf8)
    }

    package mutating func append(bytes string: some Sequence<UInt8>) {
        let start = self.bytes.count
        self.bytes.append(contentsOf: string)
        if self.bytes[start...].contains(0) { self.holdsInnerNul = true }
        self.starts.append(start)
        self.bytes.append(0)
    }

    /// The value of the first `name=value` entry, as getenv(3) would find it.
    package func value(of name: String) -> String? {
        let key = Array(name.utf8) + [UInt8(ascii: "=")]
        for start in self.starts where self.bytes[start...].starts(with: key) {
            return String(decoding: self.bytes[(start + key.count)...].prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }

    /// Lends a NULL-terminated vector that is valid inside `body` only.
    @unsafe
    func withVector<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
        var block = self.bytes
        return unsafe block.withUnsafeMutableBytes { block in
            let vector = UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>
                .allocate(capacity: self.starts.count + 1)
            defer { unsafe vector.deallocate() }
            for (index, start) in self.starts.enumerated() {
                unsafe vector.initializeElement(at: index, to: block.baseAddress?.advanced(by: start)
                    .assumingMemoryBound(to: CChar.self))
            }
            unsafe vector.initializeElement(at: self.starts.count, to: nil)
            guard let first = vector.baseAddress else { preconditionFailure("the vector is never empty") }
            return unsafe body(first)
        }
    }
}
