internal import Configuration
internal import SystemCalls
internal import WebSocket
package import WebSocketClient

/// `wsbridge bench`: opens connections, sends messages, and measures how long their answers take. One thread; every
/// phase ends in time.
///
///     opening ──all open, or connect timeout──▶ sending ──duration, or messages──▶ awaiting the rest ──▶ closing
package final class LoadRun {
    /// Handshakes at a time: more would fill a server's queue of connections and measure that.
    private static let openingMax = 128
    /// Nanoseconds for the answers to the last messages, and for the Closes.
    private static let patience: UInt64 = 2_000_000_000

    let settings: LoadSettings
    private let epoll: Epoll
    private let workspace = ClientWorkspace()
    let payload: [UInt8]
    private let addresses: [SocketAddress]
    private let common: WebSocketConnection.Settings
    var report: LoadReport
    /// By number; nil: not there yet, or gone.
    var connections: [LoadConnection?] = []
    private var opening = 0
    var underWay = 0
    var schedule: SendSchedule?
    /// Whose turn it is in an open loop.
    var turn = 0
    private var lastAnswerAt: UInt64 = 0

    package static func run(_ settings: LoadSettings) throws(ClientFailure) -> LoadReport {
        SignalDescriptor.ignoreBrokenPipes()
        _ = SystemLimits.raiseOpenFiles()
        let run = try LoadRun(settings)
        run.open()
        run.send()
        run.close()
        return run.report
    }

    private init(_ settings: LoadSettings) throws(ClientFailure) {
        self.settings = settings
        self.payload = [UInt8](repeating: UInt8(ascii: "x"), count: settings.payloadBytes)
        var common = WebSocketConnection.Settings(
            url: settings.url, messageBytesMax: max(settings.payloadBytes, 1 << 20) + (1 << 16))
        common.wishes = settings.wishes
        common.context = try settings.trust.context(for: settings.url)
        self.common = common
        self.addresses = try AddressLookup.addresses(of: settings.url)
        self.report = LoadReport(settings)
        do throws(Errno) {
            self.epoll = try Epoll()
        } catch {
            throw .broken(error)
        }
    }
}

// MARK: - Phases

extension LoadRun {
    private func open() {
        let deadline = Clock.monotonic &+ self.settings.connectTimeout
        while self.connections.count < self.settings.connections || self.opening > 0 {
            let now = Clock.monotonic
            guard now < deadline else { break }
            while self.opening < Self.openingMax, self.connections.count < self.settings.connections {
                self.connect(now: Clock.monotonic)
            }
            self.turn(until: deadline)
        }
        for (number, entry) in self.connections.enumerated() where entry?.connection.phase != .open && entry != nil {
            self.report.note("connect: timeout")
            self.connections[number] = nil
        }
        self.report.note("connect: timeout", count: self.settings.connections - self.connections.count)
    }

    private func connect(now: UInt64) {
        // One address for all, so that they are alike.
        guard let address = self.addresses.first else { return self.connections.append(nil) }
        let number = self.connections.count
        do throws(ClientFailure) {
            let connection = try WebSocketConnection(self.common, to: address, workspace: self.workspace)
            let entry = LoadConnection(connection, startedAt: now)
            try self.register(entry, number)
            self.connections.append(entry)
            self.opening += 1
        } catch {
            self.connections.append(nil)
            self.report.note(error.kind)
        }
    }

    private func register(_ entry: LoadConnection, _ number: Int) throws(ClientFailure) {
        do throws(Errno) {
            try self.epoll.add(Self.registration(entry, number), entry.registered)
        } catch {
            throw .broken(error)
        }
    }

    private static func registration(_ entry: LoadConnection, _ number: Int) -> RegistrationID {
        RegistrationID(descriptor: entry.connection.descriptor, generation: UInt32(truncatingIfNeeded: number))
    }

    private func send() {
        let start = Clock.monotonic
        var schedule = SendSchedule(
            self.settings.pace, start: start, duration: self.settings.duration, messagesMax: self.settings.messagesMax)
        self.lastAnswerAt = start
        self.schedule = schedule
        if case .closedLoop(let pipeline) = self.settings.pace {
            for _ in 0..<pipeline {
                for number in self.connections.indices { self.sendNext(on: number) }
            }
        }
        let end = start &+ self.settings.duration
        let limit = end &+ Self.patience
        while self.connections.contains(where: { $0 != nil }) {
            let now = Clock.monotonic
            self.sendDue(now: now)
            schedule = self.schedule ?? schedule
            if now >= limit || schedule.isOver(now: now) && self.underWay == 0 { break }
            self.turn(until: min(schedule.nextAt ?? limit, now < end ? max(end, now + 1) : limit, limit))
        }
        self.schedule = nil
        self.report.elapsed = self.lastAnswerAt &- start
    }

    private func close() {
        for number in self.connections.indices {
            guard let entry = self.connections[number] else { continue }
            do throws(ClientFailure) {
                try entry.connection.close(.normal)
                self.update(entry, number)
            } catch {
                self.lose(number, error.kind)
            }
        }
        let deadline = Clock.monotonic &+ Self.patience
        while self.connections.contains(where: { $0 != nil }), Clock.monotonic < deadline { self.turn(until: deadline) }
        self.report.note("no answer to our Close", count: self.connections.count { $0 != nil })
    }
}

// MARK: - A turn

extension LoadRun {
    private func turn(until deadline: UInt64) {
        let now = Clock.monotonic
        // Whoever waits for the next millisecond would be late by as much: below two there is no sleep.
        let milliseconds = deadline > now + 2_000_000 ? (deadline - now) / 1_000_000 - 1 : 0
        let count = self.epoll.wait(milliseconds: CInt(clamping: milliseconds))
        for index in 0..<count {
            let (id, readiness) = self.epoll.event(index)
            self.advance(Int(id.generation), readiness)
        }
    }

    private func advance(_ number: Int, _ readiness: Readiness) {
        guard let entry = self.connections[number] else { return }
        let wasOpening = entry.connection.phase == .connecting || entry.connection.phase == .opening
        do throws(ClientFailure) {
            let events = try entry.connection.advance(readiness)
            let now = Clock.monotonic
            if wasOpening, entry.connection.phase == .open {
                self.opening -= 1
                self.report.opened += 1
                self.report.connectTimes.record(now &- entry.startedAt)
            }
            for event in events { self.take(event, entry, number, now: now) }
            self.update(entry, number)
        } catch {
            if wasOpening { self.opening -= 1 }
            self.lose(number, error.kind)
        }
    }

    private func take(_ event: ServerFrameReader.Event, _ entry: LoadConnection, _ number: Int, now: UInt64) {
        switch event {
        case .message(_, let payload):
            guard let time = entry.noteAnswer() else { return self.report.note("unasked message") }
            self.underWay -= 1
            self.lastAnswerAt = now
            self.report.received += 1
            self.report.bytesReceived += UInt64(payload.count)
            // A server that speaks unasked seems to answer what was sent later in this very turn.
            self.report.latencies.record(now > time ? now &- time : 0)
            if case .closedLoop = self.settings.pace { self.sendNext(on: number) }
        case .close(let code, _):
            // Ours was first if there is no schedule any more.
            guard self.schedule != nil else { return self.forget(number) }
            self.lose(number, "closed: \((code ?? .noStatus).rawValue)")
        case .ping, .pong: break
        }
    }

    func update(_ entry: LoadConnection, _ number: Int) {
        let interest = entry.connection.interest
        guard self.connections[number] != nil, interest != entry.registered else { return }
        entry.registered = interest
        try? self.epoll.modify(Self.registration(entry, number), interest)
    }

    func lose(_ number: Int, _ kind: String) {
        self.report.note(kind)
        self.forget(number)
    }

    /// Closes its descriptor, and with it goes its registration.
    private func forget(_ number: Int) {
        guard let entry = self.connections[number] else { return }
        self.underWay -= entry.underWay
        self.report.note("unanswered message", count: entry.underWay)
        self.connections[number] = nil
    }
}
