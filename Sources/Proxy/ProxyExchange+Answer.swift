internal import Bridge
internal import Buffers
internal import Forwarding
internal import HTTP1
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Telemetry

// The answer, from the server to the client.
extension ProxyExchange: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        self.moved &+= UInt64(window.count - start)
        switch self.stage {
        case .exchanging:
            guard !self.held.isEmpty else { return self.takeHeads(&window, from: start) }
            // Rare: a head that did not come whole.
            var bytes = self.held
            for index in start..<window.count { bytes.append(window[index]) }
            self.held = []
            var whole = bytes.mutableSpan
            self.takeHeads(&whole, from: 0)
        case .relaying: self.relay(&window, from: start)
        case .idle, .connecting, .over: break
        }
    }

    func inputEnded() {
        switch self.stage {
        case .exchanging: self.lostBeforeAnswer("it ended the connection without an answer")
        case .relaying(var body):
            if body.connectionEnded() { self.finish([:]) } else { self.lostWithinAnswer("it ended the connection") }
        case .idle, .connecting, .over: break
        }
    }

    func outputAdvanced() { self.noteRequest() }

    func failed(_ failure: StreamFailure) {
        switch self.stage {
        case .exchanging: self.lostBeforeAnswer(failure.reason)
        case .relaying: self.lostWithinAnswer(failure.reason)
        case .idle, .connecting, .over: break
        }
    }

    /// A connection that had waited may have been closed in the same moment. A request that changes nothing may then be
    /// sent again; of any other nobody knows what became of it.
    private func lostBeforeAnswer(_ reason: String) {
        let isUntouched = self.held.isEmpty && self.interimAnswers == 0
        guard self.connection?.isReused == true, isUntouched, self.exchange.head.mayBeRepeated else {
            return self.giveUp(reason)
        }
        self.closeConnection()
        self.isRequestSent = false
        self.connect(mayReuse: false)
    }

    private func lostWithinAnswer(_ reason: String) { self.giveUp("in the middle of an answer: \(reason)") }
}

extension RequestHead {
    /// Safe methods (RFC 9110 section 9.2.1) without a body.
    fileprivate var mayBeRepeated: Bool {
        self.body == .none && ["GET", "HEAD", "OPTIONS", "TRACE"].contains(self.method)
    }
}

// MARK: - Heads

extension ProxyExchange {
    /// 103 comes once or twice, 102 every twenty seconds: more is a server that never answers.
    private static let interimAnswersMax = 1000

    private func takeHeads(_ window: inout MutableSpan<UInt8>, from start: Int) {
        var offset = start
        do throws(ResponseViolation) {
            while case .exchanging = self.stage {
                guard let (head, used) = try self.parser.parse(window.span.extracting(offset..<window.count)) else {
                    self.held = window.span.extracting(offset..<window.count).copied
                    return self.noteAnswer()
                }
                offset += used
                if head.head.status.code == 101 { return try self.takeSwitch(head.head, &window, behind: offset) }
                if head.head.status.code < 200 { try self.takeInterim(head.head) } else { try self.take(head) }
            }
        } catch {
            return self.giveUp(error.reason)
        }
        self.relay(&window, from: offset)
        // Content may come much later, if any does.
        self.exchange.sendHead()
    }

    private func takeInterim(_ head: ResponseHead) throws(ResponseViolation) {
        self.interimAnswers += 1
        guard self.interimAnswers <= Self.interimAnswersMax else {
            throw .tooManyInterimAnswers(countMax: Self.interimAnswersMax)
        }
        self.exchange.sendInterim(ForwardedAnswer.head(head, keepsLength: false, by: self.proxy.rules))
    }

    private func take(_ answer: ReceivedHead) throws(ResponseViolation) {
        let framing = try BodyFraming(of: answer, to: self.exchange.head.method)
        let towardsClient: BodyFraming
        let keepsLength: Bool
        switch framing {
        case .none, .length:
            towardsClient = framing
            // 204 must have none (RFC 9110 section 8.6).
            keepsLength = answer.head.status != .noContent
        case .chunked, .untilClose:
            // Only chunks let the client see whether it has all of it.
            towardsClient = self.exchange.head.minorVersion >= 1 ? .chunked : .untilClose
            keepsLength = false
        }
        self.keepsConnection = answer.keepsAlive && framing != .untilClose
        var head = ForwardedAnswer.head(answer.head, keepsLength: keepsLength, by: self.proxy.rules)
        if let name = self.proxy.stickyCookie, let key = self.connection?.serverKey {
            StickyCookie.add(name, key, to: &head.fields, request: self.exchange.head.fields, isTLS: self.isTLS)
        }
        // The server did not let it become a session.
        if self.purpose != .exchange { self.route.settings.tally.handshakesRefused.count(answer.head.status.code) }
        self.exchange.begin(head, towardsClient)
        self.stage = .relaying(BodyReader(framing))
    }

    private var isTLS: Bool { self.exchange.client.isTLS }

    private func takeSwitch(
        _ head: ResponseHead, _ window: inout MutableSpan<UInt8>, behind offset: Int
    ) throws(ResponseViolation) {
        guard case .upgrade(let acceptValue) = self.purpose else { throw .unaskedSwitch }
        if let obstacle = ForwardedAnswer.obstacle(toSwitching: head, acceptValue: acceptValue) {
            return self.giveUp("it answers 101 but \(obstacle)")
        }
        guard !self.route.isDraining else {
            return self.refuse(.serviceUnavailable, "server is going away", fields: BridgeRoute.retryLater)
        }
        guard let connection = self.connection else { return }
        self.connection = nil
        self.leave(becameSession: true)
        var head = ForwardedAnswer.switching(head, by: self.proxy.rules)
        if let name = self.proxy.stickyCookie, let key = connection.serverKey {
            StickyCookie.add(name, key, to: &head.fields, request: self.exchange.head.fields, isTLS: self.isTLS)
        }
        var tunnel: Tunnel?
        self.exchange.upgrade(head) { stream in
            let made = Tunnel(stream, connection, identity: self.identity, self.route.settings, self.proxy)
            made.start()
            tunnel = made
            return made
        }
        if offset < window.count { tunnel?.serverSent(&window, from: offset) }
    }
}

// MARK: - Content

extension ProxyExchange {
    private func relay(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard case .relaying(var body) = self.stage else { return }
        var offset = start
        var trailers: HeaderFields?
        do throws(BodyViolation) {
            if body.isChunked {
                trailers = try self.relayChunks(&body, window, &offset)
            } else {
                while trailers == nil, let piece = try body.next(window.span, from: &offset) {
                    switch piece {
                    case .data(let range): self.exchange.send(&window, range)
                    case .end(let fields): trailers = fields
                    }
                }
            }
        } catch {
            return self.giveUp(error.reason)
        }
        // What follows an answer is no answer to anything: nobody may be given this connection.
        if offset < window.count { self.keepsConnection = false }
        if let trailers { return self.finish(trailers) }
        self.stage = .relaying(body)
        self.noteAnswer()
    }

    /// Chunks of the server become one of ours, with the head in front and the end behind, where they are there.
    private func relayChunks(
        _ body: inout BodyReader, _ window: borrowing MutableSpan<UInt8>, _ offset: inout Int
    ) throws(BodyViolation) -> HeaderFields? {
        if self.exchange.heldCount + window.count - offset > ReceiveWindow.bytesMax { self.exchange.sendHead() }
        return try self.loop.gatherChunks(of: window, room: self.exchange.heldCount) { bytes throws(BodyViolation) in
            try body.next(bytes, from: &offset)
        } _: { scratch, content, isLast in
            self.exchange.send(&scratch, content, isLast: isLast)
        }
    }

    private func finish(_ trailers: HeaderFields) {
        if self.keepsConnection, self.isRequestSent { self.parkConnection() }
        self.leave()
        self.exchange.finish(trailers.forwardableTrailers)
    }

    /// What the server sends follows what the client takes.
    func noteAnswer() {
        guard let stream = self.connection?.stream else { return }
        switch self.answerFlow.update(waiting: self.exchange.unsentCount, self.route.settings.watermarks) {
        case .none: break
        case .pauseSource:
            self.route.settings.tally.pauses.count(.sent)
            stream.pauseReading()
        case .resumeSource: stream.resumeReading()
        }
    }
}
