/// How much may wait in one direction: above `high` its source is paused, at or below `low` it goes on. In bytes.
package struct Watermarks: Equatable, Sendable {
    package let low: Int
    package let high: Int

    /// A quarter of `high` as `low`: far enough below that a flow does not flutter, and not empty, so that the sink
    /// has something while the source wakes up.
    package init(high: Int) {
        self.high = max(high, 4)
        self.low = self.high / 4
    }
}

/// Backpressure of one direction. The other direction has its own: a full sink pauses its source and nobody else.
package struct Flow: Equatable {
    package enum Action: Equatable { case none, pauseSource, resumeSource }

    /// True exactly between `pauseSource` and `resumeSource`.
    package private(set) var isPaused = false

    package init() {}

    /// Tells how many bytes now wait for the sink.
    package mutating func update(waiting: Int, _ watermarks: Watermarks) -> Action {
        if self.isPaused {
            guard waiting <= watermarks.low else { return .none }
            self.isPaused = false
            return .resumeSource
        }
        guard waiting > watermarks.high else { return .none }
        self.isPaused = true
        return .pauseSource
    }
}
