internal import CLinux
internal import Glibc

/// What a registration waits for, and what came: a set of EPOLL* bits (epoll_ctl(2)).
///
/// Not an `OptionSet`: the conveniences of that protocol are generic code that is not specialized across modules, and
/// they cost more than the rest of a turn.
@frozen
public struct Readiness: Equatable, Sendable {
    public let bits: UInt32

    @inlinable
    public init(bits: UInt32) { self.bits = bits }

    @inlinable public static var none: Readiness { Readiness(bits: 0) }
    /// EPOLLIN
    @inlinable public static var input: Readiness { Readiness(bits: 0x001) }
    /// EPOLLOUT
    @inlinable public static var output: Readiness { Readiness(bits: 0x004) }
    /// EPOLLERR or EPOLLHUP: reported whether asked for or not.
    @inlinable public static var broken: Readiness { Readiness(bits: 0x018) }

    /// EPOLLET: told once for each time that it becomes ready, and not for as long as it is.
    @inlinable public static var once: Readiness { Readiness(bits: 0x8000_0000) }

    @inlinable public var isReadable: Bool { self.bits & 0x001 != 0 }
    @inlinable public var isWritable: Bool { self.bits & 0x004 != 0 }
    @inlinable public var isFailed: Bool { self.bits & 0x008 != 0 }
    @inlinable public var isHungUp: Bool { self.bits & 0x010 != 0 }

    @inlinable
    public static func | (one: Readiness, other: Readiness) -> Readiness { Readiness(bits: one.bits | other.bits) }
}

/// Names a registration: the descriptor's number and how often that number was registered before, because the
/// kernel reuses numbers while events for the old owner are still in the batch.
package struct RegistrationID: Equatable, Sendable {
    package let descriptor: CInt
    package let generation: UInt32

    package init(descriptor: CInt, generation: UInt32) {
        self.descriptor = descriptor
        self.generation = generation
    }

    init(packed: UInt64) {
        self.descriptor = CInt(truncatingIfNeeded: packed)
        self.generation = UInt32(truncatingIfNeeded: packed >> 32)
    }

    var packed: UInt64 { UInt64(self.generation) << 32 | UInt64(UInt32(bitPattern: self.descriptor)) }
}

/// An epoll(7) set and the room for one batch of its events.
@safe
package struct Epoll: ~Copyable {
    /// Events taken by one epoll_wait(2): a batch must not starve timers and the mailbox.
    package static let batchMax = 512

    private let descriptor: Descriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>

    package init() throws(Errno) {
        let raw = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard raw >= 0 else { throw .current }
        self.descriptor = Descriptor(owning: raw)
        unsafe self.events = .allocate(capacity: Self.batchMax)
        unsafe self.events.initialize(repeating: epoll_event())
    }

    deinit { unsafe self.events.deallocate() }

    package borrowing func add(_ id: RegistrationID, _ readiness: Readiness) throws(Errno) {
        try self.control(EPOLL_CTL_ADD, id, readiness)
    }

    package borrowing func modify(_ id: RegistrationID, _ readiness: Readiness) throws(Errno) {
        try self.control(EPOLL_CTL_MOD, id, readiness)
    }

    package borrowing func remove(_ id: RegistrationID) throws(Errno) {
        try self.control(EPOLL_CTL_DEL, id, .none)
    }

    private borrowing func control(
        _ operation: CInt, _ id: RegistrationID, _ readiness: Readiness
    ) throws(Errno) {
        var event = unsafe epoll_event()
        unsafe event.events = readiness.bits
        unsafe event.data.u64 = id.packed
        guard unsafe epoll_ctl(self.descriptor.rawValue, operation, id.descriptor, &event) == 0 else { throw .current }
    }

    /// Waits for a batch; gives its size, 0 when the time is over or a signal came. -1 milliseconds: no bound.
    package borrowing func wait(milliseconds: CInt) -> Int {
        let count = unsafe epoll_wait(
            self.descriptor.rawValue, self.events.baseAddress, CInt(Self.batchMax), milliseconds)
        return max(0, Int(count))
    }

    /// An event of the last batch.
    package borrowing func event(_ index: Int) -> (id: RegistrationID, readiness: Readiness) {
        precondition(index >= 0 && index < Self.batchMax)
        let event = unsafe self.events[index]
        return unsafe (RegistrationID(packed: event.data.u64), Readiness(bits: event.events))
    }
}
