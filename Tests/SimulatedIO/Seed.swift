internal import Glibc

/// What a simulated run is made from: the same seed gives the same run.
///
/// A failed test names its seed; `WSBRIDGE_SEED=<seed> swift test --filter <test>` runs that one alone again.
package struct Seed: Sendable, Hashable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package var description: String { "WSBRIDGE_SEED=\(self.value)" }

    package var generator: SeededGenerator { SeededGenerator(seed: self.value) }

    /// Seeds to try: the one that `WSBRIDGE_SEED` names, else `count` of them behind `WSBRIDGE_SEED_BASE`.
    package static func some(_ count: Int) -> [Seed] {
        if let value = Self.environment("WSBRIDGE_SEED") { return [Seed(value)] }
        let base = Self.environment("WSBRIDGE_SEED_BASE") ?? 0
        return (1...UInt64(count)).map { Seed(base &+ $0) }
    }

    private static func environment(_ name: String) -> UInt64? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe UInt64(String(cString: text))
    }
}
