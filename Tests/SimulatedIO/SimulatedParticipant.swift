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

// A failed expectation shows every property of its operands: what is large here says nothing.

extension SimulatedClient: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: ["received": self.received.count]) }
}

extension SimulatedChild: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: ["pid": self.pid]) }
}

extension SimulatedLoop: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: ["now": self.now]) }
}
