/// All benchmarks, in the order of a connection's life.
enum Catalogue {
    static func benchmarks() throws -> [Benchmark] {
        try HeadBenchmarks.all() + FrameBenchmarks.all() + RecordBenchmarks.all() + QueueBenchmarks.all()
    }
}
