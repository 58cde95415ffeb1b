/// The step at which a start failed. The numbers are those of `clx_spawn_stage` in clinux_process.h.
package enum SpawnStage: UInt32, Equatable, Sendable, CaseIterable {
    /// clone(2): process or memory limits.
    case create = 1
    case session
    case descriptors
    case terminal
    case streams
    case limits
    case niceness
    case credentials
    case parentDeath
    case workingDirectory
    case privileges
    case program
}

/// What the kernel refused, and at which step.
package struct SpawnFailure: Error, Equatable {
    package var stage: SpawnStage
    package var errno: Errno
}
