internal import IOCore

/// The far end of a simulated connection: sends what the test says, cut as the seed has it, and reads as fast as it is
/// told to.
package final class SimulatedClient: SimulatedParticipant {
    /// How what is sent is cut into what arrives.
    package enum Cuts: Sendable { case none, everyByte, random }

    /// Bytes read in a turn at most; 0: does not read; nil: all there are.
    package var readBytesMax: Int?
    package var cuts = Cuts.none
    package private(set) var received: [UInt8] = []
    /// Called after bytes came in.
    package var react: (() -> Void)?

    /// The server's end.
    package let stream: SimulatedStream
    private let loop: SimulatedLoop
    private let toServer: SimulatedPipe
    private let fromServer: SimulatedPipe
    private var outbox: [UInt8] = []
    private var sent = 0
    private var finishesWhenSent = false
    private var isGone = false

    /// `capacity` bytes fit into the connection in each direction.
    package init(_ loop: SimulatedLoop, capacity: Int = SimulatedPipe.capacityStandard) {
        self.loop = loop
        self.toServer = SimulatedPipe(capacity: capacity)
        self.fromServer = SimulatedPipe(capacity: capacity)
        self.stream = SimulatedStream(loop, kind: .socket, incoming: self.toServer, outgoing: self.fromServer)
        loop.add(self)
    }

    package var unsentCount: Int { self.outbox.count - self.sent }
    /// What the server's side has taken out of the connection.
    package var bytesTaken: Int { self.toServer.bytesPassed }
    /// The server ended its direction and everything before it was read.
    package var hasSeenEnd: Bool { self.fromServer.count == 0 && self.fromServer.writer == .ended }
    package var wasReset: Bool { self.fromServer.writer == .reset }

    package func send(_ bytes: [UInt8]) { self.outbox += bytes }
    package func send(_ text: String) { self.outbox += Array(text.utf8) }

    /// Ends our direction behind what was sent; goes on reading.
    package func finish() { self.finishesWhenSent = true }

    /// close(2): the end of our direction, and whatever comes now is answered with a reset.
    package func close() { self.leave { self.toServer.end() } }

    /// A connection that broke.
    package func reset() { self.leave { self.toServer.reset() } }

    /// The cable is out: nothing comes or goes any more, and nobody says so.
    package func unplug() {
        self.fromServer.isUnplugged = true
        self.isGone = true
        self.loop.remove(self)
    }

    private func leave(_ end: () -> Void) {
        guard !self.isGone else { return }
        self.isGone = true
        end()
        self.fromServer.abandon()
        self.loop.remove(self)
    }

    package func turn() -> Bool {
        let hasSent = self.sendSome()
        let hasRead = self.readSome()
        return hasSent || hasRead
    }

    private func sendSome() -> Bool {
        guard self.toServer.writer == .open else { return false }
        guard self.toServer.hasReader else {
            self.toServer.reset()
            return true
        }
        guard self.unsentCount > 0 else {
            guard self.finishesWhenSent else { return false }
            self.toServer.end()
            return true
        }
        guard self.toServer.room > 0 else { return false }
        var count = min(self.unsentCount, self.toServer.room)
        switch self.cuts {
        case .none: break
        case .everyByte: count = 1
        case .random: count = self.loop.generator.cut(count)
        }
        self.toServer.push(self.outbox[self.sent..<self.sent + count])
        self.sent += count
        return true
    }

    private func readSome() -> Bool {
        let count = min(self.fromServer.count, self.readBytesMax ?? .max)
        guard count > 0 else { return false }
        self.received += self.fromServer.pull(count)
        self.react?()
        return true
    }
}
