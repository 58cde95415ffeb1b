package import SystemCalls

/// What a simulated child does, step by step.
package struct SimulatedProgram: Sendable {
    package enum Step: Sendable {
        case write([UInt8])
        case writeErrors([UInt8])
        /// stdin to stdout until stdin ends.
        case copy
        /// Reads stdin to its end.
        case drain
        /// Writes this again and again, for ever.
        case flood([UInt8])
        case closeInput, closeOutput
        /// Nanoseconds.
        case wait(UInt64)
        /// Does nothing any more.
        case hang
        case exit(Int32)
        case die(Signal)
    }

    package var steps: [Step]
    package var ignoresTerminate = false
    /// Bytes of stdin read in a turn at most.
    package var readBytesMax = Int.max
    /// A process outside the group keeps stdout open when the child ends.
    package var leavesDaemon = false

    package init(_ steps: [Step]) { self.steps = steps }

    /// cat(1).
    package static let cat = SimulatedProgram([.copy, .exit(0)])
}
