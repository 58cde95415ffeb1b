internal import Buffers

/// What happens while somebody reads more slowly than others write.
enum QueueBenchmarks {
    private static let pieces = 16
    /// As much as a socket with little room takes.
    private static let writeBytes = 4 << 10

    static func all() -> [Benchmark] {
        let piece = Samples.ascii(1 << 10)
        return [
            Benchmark(
                "buffers/queue/1-KiB-x16", bytes: Self.pieces * piece.count, gives: Self.pieces * piece.count,
                on: { BlockPool(bytesMax: 16 << 20, reserve: 1 << 20) }
            ) { pool in
                var queue = BufferQueue()
                for _ in 0..<Self.pieces {
                    guard queue.append(copying: piece.span, pool: pool) else { return 0 }
                }
                var written = 0
                while !queue.isEmpty {
                    queue.writeFirst { run in
                        let count = min(run.count, Self.writeBytes)
                        written += count
                        return count
                    }
                }
                return written
            }
        ]
    }
}
