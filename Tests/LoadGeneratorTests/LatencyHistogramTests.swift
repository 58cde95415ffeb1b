@testable import LoadGenerator
import SimulatedIO
import Testing

@Suite struct LatencyHistogramTests {
    @Test func emptyIsZero() {
        let histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == 0 && histogram.max == 0 && histogram.count == 0)
    }

    /// Against a sorted list.
    @Test(arguments: Seed.some(10)) func quantilesAreRightToThePrecision(_ seed: Seed) {
        var generator = seed.generator
        var histogram = LatencyHistogram()
        var values: [UInt64] = []
        for _ in 0..<5000 {
            let value = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
            values.append(value)
            histogram.record(value)
        }
        values.sort()
        for share in [0.0, 0.001, 0.5, 0.9, 0.99, 0.999, 1.0] {
            let exact = values[max(1, Int((5000 * share).rounded(.up))) - 1]
            let told = histogram.quantile(share)
            #expect(told >= exact && told - exact <= exact / 128, "\(share): \(told) for \(exact)")
        }
        #expect(histogram.max == values.last && histogram.count == 5000)
    }

    @Test func bucketsFollowEachOtherWithoutAGap() {
        for bucket in 0..<7000 {
            let end = LatencyHistogram.upperBound(of: bucket)
            #expect(LatencyHistogram.bucket(of: end) == bucket)
            #expect(LatencyHistogram.bucket(of: end + 1) == bucket + 1)
        }
        #expect(LatencyHistogram.upperBound(of: LatencyHistogram.bucket(of: .max)) == .max)
    }
}
