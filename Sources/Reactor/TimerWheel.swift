internal import IOCore

/// Deadlines by the tick they fall into: start, stop and fire cost the same however many run.
///
/// Four wheels of 64 slots; a slot of wheel `w` spans `64^w` ticks. A timer sits in the wheel of the highest base-64
/// digit in which its tick differs from now, and moves down when that digit comes up. Nodes are links in one array.
///
///     tick 4 ms · wheel 0: 256 ms · wheel 1: 16 s · wheel 2: 17 min · wheel 3: 18 h, later ones wait in it
struct TimerWheel {
    /// Nanoseconds a tick takes: below what a person or a timeout notices, above what costs wake-ups.
    static let tickNanoseconds: UInt64 = 4_000_000
    private static let slotsPerWheel = 64
    private static let wheels = 4
    private static let none: Int32 = -1

    private struct Node {
        var tick: UInt64
        var next: Int32
        /// The node before it; the first of a list has the list's slot instead, as its complement.
        var previous: Int32
        var client: (any TimerClient)?
    }

    /// Timers that fit without the table growing; untouched memory costs nothing, a table that moves leaves a hole.
    private static let expectedMax = 1 << 16

    private var nodes: [Node] = []
    private var firstFree: Int32 = TimerWheel.none
    private var heads = [Int32](repeating: TimerWheel.none, count: TimerWheel.slotsPerWheel * TimerWheel.wheels)
    /// A bit a slot that has timers: the loop asks for the next one before each wait.
    private var occupied = InlineArray<4, UInt64>(repeating: 0)
    private(set) var count = 0
    /// The tick up to which everything due has fired.
    private var current: UInt64

    init(now: UInt64) {
        self.current = now / Self.tickNanoseconds
        self.nodes.reserveCapacity(Self.expectedMax)
    }

    mutating func start(_ client: any TimerClient, at deadline: UInt64) -> TimerID {
        let tick = max(deadline / Self.tickNanoseconds + 1, self.current + 1)
        let index = self.takeNode()
        self.nodes[Int(index)].tick = tick
        self.nodes[Int(index)].client = client
        self.insert(index)
        self.count += 1
        return TimerID(index: index)
    }

    mutating func stop(_ timer: TimerID) {
        precondition(self.nodes[Int(timer.index)].client != nil, "a timer is stopped once, and not after it fired")
        self.unlink(timer.index)
        self.release(timer.index)
    }

    /// Removes one timer that is due at `now` and gives its client. One at a time, because what a client does may
    /// stop another timer that is due as well.
    mutating func popDue(now: UInt64) -> (any TimerClient)? {
        let target = now / Self.tickNanoseconds
        while self.count > 0 {
            let head = self.heads[Int(self.current % 64)]
            if head != Self.none {
                let client = self.nodes[Int(head)].client
                self.unlink(head)
                self.release(head)
                return client
            }
            guard self.current < target else { return nil }
            // From one occupied slot to the next: after a day without a turn there are 21 million ticks to pass.
            self.current = min(target, self.nextOccupiedTick())
            self.cascade()
        }
        self.current = max(self.current, target)
        return nil
    }

    /// Milliseconds from `now` until something may be due, rounded up; nil when no timer runs.
    func millisecondsToNext(now: UInt64) -> UInt64? {
        guard self.count > 0 else { return nil }
        let at = self.nextOccupiedTick() * Self.tickNanoseconds
        return at > now ? (at - now + 999_999) / 1_000_000 : 0
    }

    /// The tick of the first occupied slot: exact in wheel 0, the start of the slot's span in a higher one.
    private func nextOccupiedTick() -> UInt64 {
        var earliest = UInt64.max
        for wheel in 0..<Self.wheels {
            let shift = UInt64(6 * wheel)
            let next = (self.current >> shift) + 1
            let slots = self.occupied[wheel]
            let fromNext = slots &>> next | slots &<< (64 &- next)
            guard fromNext != 0 else { continue }
            earliest = min(earliest, (next + UInt64(fromNext.trailingZeroBitCount)) << shift)
        }
        return earliest
    }

    /// Moves timers of a higher wheel down whose span begins with the current tick.
    private mutating func cascade() {
        var wheel = 1
        while wheel < Self.wheels, self.current & ((1 << UInt64(6 * wheel)) - 1) == 0 {
            let slot = wheel * Self.slotsPerWheel + Int(self.current >> UInt64(6 * wheel) % 64)
            var index = self.heads[slot]
            self.setHead(of: slot, to: Self.none)
            while index != Self.none {
                let next = self.nodes[Int(index)].next
                self.insert(index)
                index = next
            }
            wheel += 1
        }
    }

    private mutating func insert(_ index: Int32) {
        let tick = max(self.nodes[Int(index)].tick, self.current)
        let distance = tick - self.current
        var wheel = 0
        while wheel < Self.wheels - 1, distance >> UInt64(6 * (wheel + 1)) != 0 { wheel += 1 }
        // Beyond the last wheel: its farthest slot, from which it is put in again.
        let reach = min(distance, (1 << UInt64(6 * Self.wheels)) - 1)
        let slot = wheel * Self.slotsPerWheel + Int((self.current + reach) >> UInt64(6 * wheel) % 64)
        let head = self.heads[slot]
        self.nodes[Int(index)].next = head
        self.nodes[Int(index)].previous = ~Int32(slot)
        if head != Self.none { self.nodes[Int(head)].previous = index }
        self.setHead(of: slot, to: index)
    }

    private mutating func setHead(of slot: Int, to index: Int32) {
        self.heads[slot] = index
        let bit: UInt64 = 1 &<< UInt64(slot % Self.slotsPerWheel)
        if index == Self.none {
            self.occupied[slot / Self.slotsPerWheel] &= ~bit
        } else {
            self.occupied[slot / Self.slotsPerWheel] |= bit
        }
    }

    private mutating func unlink(_ index: Int32) {
        let node = self.nodes[Int(index)]
        if node.previous < 0 {
            self.setHead(of: Int(~node.previous), to: node.next)
        } else {
            self.nodes[Int(node.previous)].next = node.next
        }
        if node.next != Self.none { self.nodes[Int(node.next)].previous = node.previous }
    }

    private mutating func takeNode() -> Int32 {
        if self.firstFree != Self.none {
            let index = self.firstFree
            self.firstFree = self.nodes[Int(index)].next
            return index
        }
        self.nodes.append(Node(tick: 0, next: Self.none, previous: Self.none, client: nil))
        return Int32(self.nodes.count - 1)
    }

    private mutating func release(_ index: Int32) {
        self.nodes[Int(index)].client = nil
        self.nodes[Int(index)].next = self.firstFree
        self.firstFree = index
        self.count -= 1
    }
}
