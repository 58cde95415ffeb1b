internal import Buffers
internal import HTTP1
internal import HTTPSemantics
internal import IOCore

// Requests whose body is read, and answers that come in pieces.
extension HTTPConnection {
    var hasPending: Bool { self.pending != nil }

    /// Gives what is there of the body to the handler, and goes on reading: at the end of the turn, since the handler
    /// is within a call of its own.
    func continueBody(of exchange: Exchange) {
        self.loop.atEndOfTurn {
            guard case .answering(let current) = self.state, current === exchange else { return }
            if self.hasPending { self.processPending() } else { self.adjustReading() }
        }
    }

    /// Content of the body from `start` on; gives where it ends.
    func feed(_ exchange: Exchange, _ window: inout MutableSpan<UInt8>, from start: Int) -> Int {
        var offset = start
        do throws(BodyViolation) {
            switch exchange.head.body {
            case .none: break
            case .length: try self.feedPlain(exchange, &window, &offset)
            case .chunked: try self.feedChunks(exchange, window, &offset)
            }
        } catch {
            self.refuseBody(exchange, error)
        }
        return offset
    }

    private func feedPlain(
        _ exchange: Exchange, _ window: inout MutableSpan<UInt8>, _ offset: inout Int
    ) throws(BodyViolation) {
        while exchange.wantsBody, let piece = try exchange.body.next(window.span, from: &offset) {
            switch piece {
            case .data(let range): exchange.handler?.bodyReceived(&window, range)
            case .end(let trailers): exchange.handler?.bodyEnded(trailers)
            }
        }
    }

    private func feedChunks(
        _ exchange: Exchange, _ window: borrowing MutableSpan<UInt8>, _ offset: inout Int
    ) throws(BodyViolation) {
        let trailers = try self.loop.gatherChunks(of: window) { bytes throws(BodyViolation) in
            try exchange.body.next(bytes, from: &offset)
        } _: { scratch, content, _ in
            exchange.handler?.bodyReceived(&scratch, content)
        }
        if let trailers { exchange.handler?.bodyEnded(trailers) }
    }

    /// Where the next request begins is not known any more.
    private func refuseBody(_ exchange: Exchange, _ violation: BodyViolation) {
        self.service.refused(self.client, .badRequest, violation.reason)
        let hasBegun = exchange.hasBegun
        exchange.cancel()
        guard !hasBegun else { return self.end() }
        let (head, body) = ResponseHead.plainText(.badRequest, violation.reason)
        self.send(head, body: body, keepsAlive: false)
    }

    /// Bytes of requests behind the one that is answered, from which on nothing more is read until it is: what clients
    /// pipeline is less, and the end of the client stands behind it.
    private static let pipelinedBytes = 16 << 10

    /// Reads while somebody takes the body; and behind it, to hear of a client that goes. What comes then is the next
    /// request, and waits.
    func adjustReading() {
        guard case .answering(let exchange) = self.state else { return }
        let waiting = self.pending?.count ?? 0
        let hasRoom = exchange.isBodyRead ? waiting < Self.pipelinedBytes : waiting == 0 && exchange.wantsBody
        if exchange.isAttended && hasRoom { self.stream.resumeReading() } else { self.stream.pauseReading() }
    }

    /// An answer in pieces is complete.
    func answerEnded(_ exchange: Exchange, keepsAlive: Bool) {
        guard case .answering = self.state else { return }
        self.state = .reading
        guard keepsAlive, !self.isDraining, exchange.isBodyRead else { return self.linger(hasClientEnded: false) }
        self.awaitRequest(handed: exchange.handedCount)
    }

    /// From now on the client must take some of the answer now and then.
    func watchDelivery() { self.startTimer(self.limits.stallTimeout, handed: 0) }

    /// A client that took nothing since the last look, although something waits for it, is given up. One that has
    /// everything may wait for more as long as the handler lets it.
    func checkDelivery(of exchange: Exchange) {
        let undelivered = self.stream.undeliveredCount
        let delivered = exchange.handedCount &- undelivered
        guard undelivered == 0 || delivered != exchange.deliveredCount else { return self.end() }
        exchange.deliveredCount = delivered
        self.watchDelivery()
    }

    /// What was sent of it goes out, and the end without what should come before it tells the client.
    func cutAnswer() {
        guard case .answering = self.state else { return }
        self.linger(hasClientEnded: false)
    }
}
