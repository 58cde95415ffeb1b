internal import Glibc

/// What a simulated run is made from: the same seed gives the same run.
///
/// A failed test names its seed; `WSBRIDGE_SEED=<seed> swift test --filter <test>` runs that one alone again.
package struct Seed: Sendable, Hashable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package var description: String { "WSBRIDGE_SEED=\(self.value)" }

    package var generator: SeededGenerator { SeededGenerator(seed: self.value) }

    /// Seeds to try: the one that the environment names, else the first `count`.
    package static func some(_ count: Int) -> [Seed] {
        if let text = unsafe getenv("WSBRIDGE_SEED"), let value = unsafe UInt64(String(cString: text)) {
            return [Seed(value)]
        }
        return (1...UInt64(count)).map { Seed($0) }
    }
}
