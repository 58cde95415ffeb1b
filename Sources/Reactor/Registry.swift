internal import IOCore
internal import SystemCalls

/// Who is registered under which descriptor number.
///
/// The kernel hands numbers out again while events for the old owner are still in the batch: each registration
/// counts the generation of its number, and an event of an older one finds nobody.
struct Registry {
    /// Descriptors that fit without the tables growing. What was not touched costs no memory; each move to a larger
    /// table leaves a hole of the old one's size behind.
    private static let expectedMax = 1 << 16

    // By descriptor; two tables, because one of pairs would be padded.
    private var handlers: [ReadinessHandler?] = []
    private var generations: [UInt32] = []
    private(set) var count = 0

    init() {
        self.handlers.reserveCapacity(Self.expectedMax)
        self.generations.reserveCapacity(Self.expectedMax)
    }

    mutating func add(_ handler: ReadinessHandler, descriptor: CInt) -> RegistrationID {
        let index = Int(descriptor)
        while self.handlers.count <= index {
            self.handlers.append(nil)
            self.generations.append(0)
        }
        precondition(self.handlers[index] == nil, "a descriptor is registered once")
        self.generations[index] &+= 1
        self.handlers[index] = handler
        self.count += 1
        return self.current(descriptor)
    }

    /// Puts another in the place of who is registered: the same event goes to it from now on.
    mutating func replace(_ id: RegistrationID, by handler: ReadinessHandler) {
        guard self.handler(of: id) != nil else { return }
        self.handlers[Int(id.descriptor)] = handler
    }

    mutating func remove(_ id: RegistrationID) {
        guard self.handler(of: id) != nil else { return }
        self.handlers[Int(id.descriptor)] = nil
        self.count -= 1
    }

    func handler(of id: RegistrationID) -> ReadinessHandler? {
        let index = Int(id.descriptor)
        guard index >= 0, index < self.generations.count, self.generations[index] == id.generation else { return nil }
        return self.handlers[index]
    }

    /// The registration of a descriptor that is registered now.
    func current(_ descriptor: CInt) -> RegistrationID {
        RegistrationID(descriptor: descriptor, generation: self.generations[Int(descriptor)])
    }

    /// The registration of a descriptor, if it has one.
    func named(_ descriptor: CInt) -> RegistrationID? {
        let index = Int(descriptor)
        guard index < self.handlers.count, self.handlers[index] != nil else { return nil }
        return self.current(descriptor)
    }

    /// Everybody who is registered at this moment.
    var all: [ReadinessHandler] { self.handlers.compactMap { $0 } }
}
