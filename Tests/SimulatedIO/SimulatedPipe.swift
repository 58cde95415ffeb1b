/// Bytes on their way in one direction, between a writer and a reader that do not wait for each other.
package final class SimulatedPipe {
    package enum Writer: Equatable { case open, ended, reset }

    /// What a Linux pipe holds.
    package static let capacityStandard = 64 << 10

    package let capacity: Int
    package private(set) var writer = Writer.open
    /// False: nobody will ever read what is written.
    package private(set) var hasReader = true
    /// Bytes that were taken out so far.
    package private(set) var bytesPassed = 0
    /// The cable is out: what is written stays unacknowledged.
    package var isUnplugged = false
    private var bytes: [UInt8] = []
    private var begin = 0

    package init(capacity: Int = SimulatedPipe.capacityStandard) { self.capacity = capacity }

    package var count: Int { self.bytes.count - self.begin }
    package var room: Int { max(0, self.capacity - self.count) }

    /// What the reader's kernel takes without the reader, in bytes.
    private static let receiveBuffer = 4096

    package var unacknowledgedCount: Int {
        self.isUnplugged ? self.count : max(0, self.count - Self.receiveBuffer)
    }

    /// Appends `source`, which must fit.
    package func push(_ source: Span<UInt8>) {
        precondition(source.count <= self.room && self.writer == .open)
        unsafe source.withUnsafeBufferPointer { unsafe self.bytes.append(contentsOf: $0) }
    }

    package func push(_ source: ArraySlice<UInt8>) {
        precondition(source.count <= self.room && self.writer == .open)
        self.bytes += source
    }

    package func pull(_ count: Int) -> ArraySlice<UInt8> {
        let taken = self.bytes[self.begin..<self.begin + count]
        self.begin += count
        self.bytesPassed += count
        if self.begin == self.bytes.count {
            self.bytes = []
            self.begin = 0
        } else if self.begin > self.capacity {
            self.bytes.removeFirst(self.begin)
            self.begin = 0
        }
        return taken
    }

    package func end() { if self.writer == .open { self.writer = .ended } }
    package func reset() { self.writer = .reset }

    /// The reader leaves; gives how much it left unread.
    @discardableResult
    package func abandon() -> Int {
        let unread = self.count
        self.hasReader = false
        self.bytes = []
        self.begin = 0
        return unread
    }
}
