internal import Glibc

/// Strings as execve(2) takes them: one block of NUL-terminated bytes, so that a thousand environment
/// variables cost two allocations.
///
///     | K = V NUL | K = V NUL | …
///       ^starts[0]  ^starts[1]
package struct CStringArray: Sendable {
    private var bytes: [UInt8] = []
    /// 32 bits do: execve(2) takes far less.
    private var starts: [UInt32] = []

    /// True exactly when an appended string had a NUL inside, which C cannot carry.
    package private(set) var holdsInnerNul = false

    package init() {}

    package init(_ strings: some Sequence<String>) {
        for string in strings { self.append(string) }
    }

    package var count: Int { self.starts.count }

    /// What the strings take, terminators included.
    package var byteCount: Int { self.bytes.count }

    /// Room for what is about to be appended, so that the block does not grow bit by bit.
    package mutating func reserve(count: Int, bytes: Int) {
        self.starts.reserveCapacity(self.starts.count + count)
        self.bytes.reserveCapacity(self.bytes.count + bytes)
    }

    package mutating func append(_ string: String) {
        self.append(bytes: string.utf8.span)
    }

    package mutating func append(bytes string: Span<UInt8>) {
        self.begin()
        self.put(string)
        self.end()
    }

    /// An entry of an environment: `name=value`.
    package mutating func append(_ name: StaticString, _ value: Span<UInt8>) {
        self.begin()
        unsafe self.bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        self.bytes.append(UInt8(ascii: "="))
        self.put(value)
        self.end()
    }

    package mutating func append(_ name: StaticString, _ value: String) {
        self.append(name, value.utf8.span)
    }

    /// A string that is put together: everything until `end`.
    package mutating func begin() { self.starts.append(UInt32(truncatingIfNeeded: self.bytes.count)) }

    package mutating func end() { self.bytes.append(0) }

    package mutating func put(_ byte: UInt8) {
        if byte == 0 { self.holdsInnerNul = true }
        self.bytes.append(byte)
    }

    package mutating func put(_ string: Span<UInt8>) {
        unsafe string.withUnsafeBufferPointer { string in
            guard let start = string.baseAddress else { return }
            if unsafe memchr(start, 0, string.count) != nil { self.holdsInnerNul = true }
            unsafe self.bytes.append(contentsOf: string)
        }
    }

    /// The value of the first `name=value` entry, as getenv(3) would find it where no string has an inner NUL.
    package func value(of name: String) -> String? {
        self.valueRange(of: name).map { String(decoding: self.bytes[$0], as: UTF8.self) }
    }

    /// Whether `value(of:)` has exactly these bytes.
    package func hasValue(_ value: String, of name: String) -> Bool {
        guard let range = self.valueRange(of: name), range.count == value.utf8.count else { return false }
        return Self.starts(self.bytes.span.extracting(range), with: value.utf8.span)
    }

    private func valueRange(of name: String) -> Range<Int>? {
        let name = name.utf8.span
        let bytes = self.bytes.span
        for (index, start) in self.starts.enumerated() {
            let start = Int(start)
            let end = (index + 1 < self.starts.count ? Int(self.starts[index + 1]) : bytes.count) - 1
            guard end - start > name.count, bytes[start + name.count] == UInt8(ascii: "="),
                Self.starts(bytes.extracting(start..<end), with: name)
            else { continue }
            return start + name.count + 1..<end
        }
        return nil
    }

    private static func starts(_ bytes: Span<UInt8>, with prefix: Span<UInt8>) -> Bool {
        guard bytes.count >= prefix.count else { return false }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe prefix.withUnsafeBytes { prefix in
                guard let one = bytes.baseAddress, let other = prefix.baseAddress else { return unsafe prefix.isEmpty }
                return unsafe memcmp(one, other, prefix.count) == 0
            }
        }
    }

    /// Lends a NULL-terminated vector that is valid inside `body` only, and whose strings nobody may change.
    @unsafe
    func withVector<Result>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
        unsafe self.bytes.withUnsafeBytes { block in
            unsafe withUnsafeTemporaryAllocation(
                of: UnsafeMutablePointer<CChar>?.self, capacity: self.starts.count + 1
            ) { vector in
                for (index, start) in self.starts.enumerated() {
                    let string = unsafe block.baseAddress?.advanced(by: Int(start)).assumingMemoryBound(to: CChar.self)
                    unsafe vector.initializeElement(at: index, to: UnsafeMutablePointer(mutating: string))
                }
                unsafe vector.initializeElement(at: self.starts.count, to: nil)
                guard let first = vector.baseAddress else { preconditionFailure("the vector is never empty") }
                return unsafe body(first)
            }
        }
    }
}
