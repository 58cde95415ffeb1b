import Buffers
import Testing

/// A run of bytes that tells where each of them belongs.
func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
    (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 8)) }
}

extension Span<UInt8> {
    var array: [UInt8] { self.indices.map { self[$0] } }
}

extension BufferQueue {
    /// Takes everything out, at most `step` bytes at a time.
    mutating func drain(step: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        var isAsked = true
        while isAsked {
            isAsked = false
            self.writeFirst { run in
                isAsked = true
                let count = min(step, run.count)
                bytes += run.extracting(..<count).array
                return count
            }
        }
        return bytes
    }
}

/// `#expect` takes its operands apart and cannot hold those that are not copyable.
func expect(_ condition: Bool, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(condition, comment, sourceLocation: sourceLocation)
}
