/// Something that a simulated loop gives a turn.
package protocol SimulatedParticipant: AnyObject {
    /// Does one step; false when there was nothing to do, nor is there before something else happens.
    func turn() -> Bool
    /// When it wants a turn though nothing happens.
    var deadline: UInt64? { get }
}

extension SimulatedParticipant {
    package var deadline: UInt64? { nil }
}
