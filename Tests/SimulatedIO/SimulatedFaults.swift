/// How badly the world behaves, in percent of the occasions.
package struct SimulatedFaults: Sendable {
    /// Reads that bring fewer bytes than there are.
    package var shortReads = 0
    /// Writes that take fewer bytes than there is room for; one in four takes none.
    package var shortWrites = 0
    /// Turns in which something that could go on is not reported as ready.
    package var notReady = 0

    package init() {}

    package static let none = SimulatedFaults()

    package static let rough: SimulatedFaults = {
        var faults = SimulatedFaults()
        faults.shortReads = 60
        faults.shortWrites = 50
        faults.notReady = 30
        return faults
    }()
}
