internal import IOCore
internal import SystemCalls
internal import Telemetry
internal import WebSocket

// What flows to the client, and the backpressure of both directions.
extension WebSocketSession {
    /// Frames of the peer, ready to go: `payloadCount` bytes in `messages` messages.
    func send(frames: Span<UInt8>, messages: Int, payloadCount: Int) {
        guard self.closing.isOpen else { return }
        self.client.write(frames)
        self.counters.sent(messages: messages, payloadBytes: payloadCount)
        self.timekeeper.progressed(now: self.now)
        self.noteOutput()
    }

    /// A text message that was not framed yet: rare, so it may cost an array.
    func sendText(_ text: String) {
        var frame = [UInt8](repeating: 0, count: ServerFrame.headerCount(payloadCount: text.utf8.count))
        var bytes = frame.mutableSpan
        ServerFrame.write(.text, payloadCount: text.utf8.count, into: &bytes, at: 0)
        frame.append(contentsOf: text.utf8)
        self.send(frames: frame.span, messages: 1, payloadCount: text.utf8.count)
    }

    /// The peer's output follows what the client takes.
    func noteOutput() {
        switch self.outbound.update(waiting: self.client.unsentCount, self.settings.watermarks) {
        case .none: break
        case .pauseSource:
            self.settings.tally.pauses.count(.sent)
            self.peer.clientIsFull()
        case .resumeSource: self.peer.clientHasRoom()
        }
    }

    /// The client's input follows what the peer takes.
    func noteInput() { self.noteInput(waiting: self.peer.sink(for: self.client)?.unsentCount ?? 0) }

    func noteInput(waiting: Int) {
        switch self.inbound.update(waiting: waiting, self.settings.watermarks) {
        case .none: break
        case .pauseSource:
            self.settings.tally.pauses.count(.received)
            if self.passesMessages { self.client.pauseReading() }
        case .resumeSource: self.client.resumeReading()
        }
    }

    var identityFields: [LogField] {
        [
            LogField("route", .string(self.settings.routeName)),
            LogField("id", .id(self.identity.id)),
            LogField("client", .string(self.identity.client.description)),
        ] + self.peer.fields
    }

    func reportStart() {
        self.settings.tally.sessionsStarted &+= 1
        self.settings.log.sessionBegan()
        guard self.settings.log.isEnabled(.info) else { return }
        self.settings.log.write(.info, "session opened", self.identityFields)
    }

    func reportEnd() {
        let log = self.settings.log
        if log.isEnabled(.info) {
            var fields = self.identityFields
            let milliseconds = (self.now &- self.identity.startedAt) / 1_000_000
            fields.append(LogField("duration_ms", .integer(Int64(clamping: milliseconds))))
            fields.append(contentsOf: self.counters.logFields)
            fields.append(LogField("close", .integer(Int64(self.closing.code.rawValue))))
            if let ending = self.peer.ending { fields.append(LogField("exit", .string(ending.description))) }
            log.write(.info, "session closed", fields)
        }
        self.settings.tally.sessionsEnded.count(CloseGroup(self.closing.code.rawValue))
        log.sessionEnded(self.identity)
    }
}

/// A session as the worker sees it when the server goes away.
package protocol DrainableSession: AnyObject {
    func drain()
}

extension WebSocketSession: DrainableSession {}
