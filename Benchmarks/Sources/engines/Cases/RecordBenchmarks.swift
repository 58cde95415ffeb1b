internal import StdioFraming

/// What happens once a message on the side of the program, in every framing and both ways.
enum RecordBenchmarks {
    private static let recordsInARead = 16
    private static let payload = Samples.ascii(64)

    static func all() throws -> [Benchmark] {
        try Framing.allCases.map(Self.encode) + Framing.allCases.map(Self.decode)
            + [Self.longLine(), Self.repair("ascii-16-KiB", Samples.ascii(16 << 10))]
    }

    /// One message becomes a record: where it lies, with what goes in front of it and behind.
    private static func encode(_ framing: Framing) throws -> Benchmark {
        let encoder = RecordEncoder(framing: framing)
        let record = try Self.record(encoder)
        return Benchmark(
            "stdio/encode/\(framing.rawValue)/64-B", bytes: Self.payload.count, gives: record.count,
            on: { [UInt8](repeating: 0, count: RecordPrefix.bytesMax) + Self.payload + [0] }
        ) { bytes in
            var window = bytes.mutableSpan
            let start = RecordPrefix.bytesMax
            let count: Int
            do {
                var payload = window._mutatingExtracting(start..<start + Self.payload.count)
                count = try encoder.prepare(&payload)
            }
            let prefix = try encoder.prefix(kind: .text, payloadCount: count)
            prefix.write(into: &window, at: start - prefix.count)
            guard let suffix = encoder.suffix else { return prefix.count + count }
            window[start + count] = suffix
            return prefix.count + count + 1
        }
    }

    /// One read of what the program wrote, taken apart.
    private static func decode(_ framing: Framing) throws -> Benchmark {
        let record = try Self.record(RecordEncoder(framing: framing))
        let output = (0..<Self.recordsInARead).flatMap { _ in record }
        let payloadBytes = framing == .raw ? output.count : Self.recordsInARead * Self.payload.count
        return Self.decode("\(framing.rawValue)/64-B-x16", framing, [output], payloadBytes: payloadBytes)
    }

    /// A line that a pipe of 64 KiB cuts in four.
    private static func longLine() -> Benchmark {
        let line = Samples.ascii(256 << 10)
        let reads = stride(from: 0, to: line.count, by: 64 << 10).map { Array(line[$0..<$0 + (64 << 10)]) }
        return Self.decode("lines/256-KiB", .lines, reads + [[0x0A]], payloadBytes: line.count)
    }

    /// Bytes a second only where each byte is looked at.
    private static func decode(
        _ name: String, _ framing: Framing, _ reads: [[UInt8]], payloadBytes: Int
    ) -> Benchmark {
        let searched = framing.isDelimited ? payloadBytes : nil
        return Benchmark("stdio/decode/\(name)", bytes: searched, gives: payloadBytes) {
            var decoder = RecordDecoder(framing: framing)
            var payloadBytes = 0
            for read in reads {
                let input = read.span
                var offset = 0
                while let piece = try decoder.next(input, at: &offset) { payloadBytes += piece.count }
            }
            return payloadBytes
        }
    }

    /// The look at a program's text that tells whether it has to be repaired.
    private static func repair(_ name: String, _ text: [UInt8]) -> Benchmark {
        Benchmark("stdio/text-check/\(name)", bytes: text.count, gives: text.count) {
            TextRepair.repairedCount(of: text.span)
        }
    }

    private static func record(_ encoder: RecordEncoder) throws -> [UInt8] {
        let prefix = try encoder.prefix(kind: .text, payloadCount: Self.payload.count)
        return (0..<prefix.count).map { prefix[$0] } + Self.payload + (encoder.suffix.map { [$0] } ?? [])
    }
}
