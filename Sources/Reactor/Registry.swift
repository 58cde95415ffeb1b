package import SystemCalls

/// Something that waits for readiness of a descriptor.
package protocol ReadinessHandler: AnyObject {
    func ready(_ readiness: Readiness)

    /// Deregisters, and lets go of whom it calls: without a word to them.
    func close()
}

/// Who is registered under which descriptor number.
///
/// The kernel hands numbers out again while events for the old owner are still in the batch: each registration
/// counts the generation of its number, and an event of an older one finds nobody.
struct Registry {
    private struct Slot {
        var generation: UInt32 = 0
        var handler: (any ReadinessHandler)?
    }

    private var slots: [Slot] = []
    private(set) var count = 0

    mutating func add(_ handler: any ReadinessHandler, descriptor: CInt) -> RegistrationID {
        let index = Int(descriptor)
        while self.slots.count <= index { self.slots.append(Slot()) }
        precondition(self.slots[index].handler == nil, "a descriptor is registered once")
        self.slots[index].generation &+= 1
        self.slots[index].handler = handler
        self.count += 1
        return RegistrationID(descriptor: descriptor, generation: self.slots[index].generation)
    }

    mutating func remove(_ id: RegistrationID) {
        guard self.handler(of: id) != nil else { return }
        self.slots[Int(id.descriptor)].handler = nil
        self.count -= 1
    }

    func handler(of id: RegistrationID) -> (any ReadinessHandler)? {
        let index = Int(id.descriptor)
        guard index >= 0, index < self.slots.count, self.slots[index].generation == id.generation else { return nil }
        return self.slots[index].handler
    }

    /// Everybody who is registered at this moment.
    var handlers: [any ReadinessHandler] { self.slots.compactMap(\.handler) }
}
