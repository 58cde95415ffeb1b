internal import Buffers
package import HTTP1
internal import HTTPSemantics
package import IOCore

/// Drives HTTP/1.1 over one byte stream: heads in, exchanges to the service, answers out in order.
///
///     reading ──head──▶ answering ──answer──▶ reading
///        │                  ├──101──▶ upgraded (the stream has another delegate)
///        └──violation, close─┴──▶ lingering ──▶ ended
package final class HTTPConnection {
    /// One object for all connections that share it.
    package final class Limits: Sendable {
        package let head: RequestHeadLimits
        /// Nanoseconds from accepting, or from the last answer, until a head must be complete.
        package let headTimeout: UInt64
        /// Nanoseconds the client has to end its side after our last answer.
        package let lingerTimeout: UInt64
        /// Nanoseconds a client may take nothing of an answer that waits for it: a minute, as nginx has it.
        package let stallTimeout: UInt64

        package init(
            head: RequestHeadLimits, headTimeout: UInt64, lingerTimeout: UInt64, stallTimeout: UInt64 = 60_000_000_000
        ) {
            self.head = head
            self.headTimeout = headTimeout
            self.lingerTimeout = lingerTimeout
            self.stallTimeout = stallTimeout
        }
    }

    enum State {
        case reading
        /// The service has it. Only a handler has anything read meanwhile: the body, and the client's end.
        case answering(Exchange)
        /// The last answer is on its way: input is dropped until the client ends, so that no reset overtakes the
        /// answer, and until the answer is out.
        case lingering(hasClientEnded: Bool)
        case upgraded(any ByteStreamDelegate)
        case ended
    }

    let stream: any ByteStream
    let loop: any EventLoop
    let service: any HTTPService
    let client: ClientConnection
    let limits: Limits
    var state: State = .reading
    private var parser: RequestHeadParser
    var timer: TimerID?
    /// Bytes that came before their time: the start of a head, or what follows a head that is being answered.
    var pending: PooledBuffer?
    /// True once a request was answered: an idle connection then ends without a word.
    var hasAnswered = false
    /// True once the server is going away: the answer under way is the last.
    var isDraining = false
    /// When a client that neither ends its side nor takes anything is given up.
    var lingersUntil: UInt64 = 0
    /// Bytes on their way to the client when the timer was started: one that takes some of them is slow, not idle.
    var undelivered = 0

    /// `since`: when the client was accepted, if something else than HTTP came first; its time counts.
    package init(
        _ stream: any ByteStream, loop: any EventLoop, service: any HTTPService,
        client: ClientConnection, limits: Limits, since: UInt64? = nil
    ) {
        self.stream = stream
        self.loop = loop
        self.service = service
        self.client = client
        self.limits = limits
        self.parser = RequestHeadParser(limits: limits.head)
        let spent = since.map { loop.now &- $0 } ?? 0
        // Nothing is on its way yet: no reason to ask how much, as `startTimer` does.
        self.timer = loop.startTimer(self, at: loop.now &+ (limits.headTimeout - min(spent, limits.headTimeout)))
    }
}

// MARK: - Input

extension HTTPConnection: ByteStreamDelegate {
    package func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        switch self.state {
        case .reading, .answering:
            guard self.hasPending else { return self.process(&window, from: start) }
            guard self.keep(window.span.extracting(start..<window.count)) else { return self.end() }
            self.processPending()
        case .upgraded(let delegate):
            delegate.received(&window, from: start)
        case .lingering, .ended:
            break
        }
    }

    package func inputEnded() {
        switch self.state {
        case .reading, .lingering: self.endAfterOutput()
        // A client may end its side once it has asked; but who answers in pieces must not wait for one that is gone.
        case .answering(let exchange):
            if exchange.isAttended { self.end() }
        case .ended: break
        case .upgraded(let delegate): delegate.inputEnded()
        }
    }

    package func outputAdvanced() {
        switch self.state {
        case .reading: self.resume()
        case .answering(let exchange): exchange.handler?.answerAdvanced()
        case .lingering(hasClientEnded: true): self.endAfterOutput()
        case .lingering(hasClientEnded: false), .upgraded, .ended: break
        }
    }

    package func failed(_ failure: StreamFailure) { self.end() }

    /// Takes heads and bodies out of the window until one has to wait, and keeps what is left.
    private func process(_ window: inout MutableSpan<UInt8>, from start: Int) {
        var offset = start
        while offset < window.count, self.take(&window, &offset) {}
        switch self.state {
        case .upgraded(let delegate):
            if offset < window.count { delegate.received(&window, from: offset) }
        case .reading, .answering:
            if !self.keep(window.span.extracting(offset..<window.count)) { self.end() }
            self.adjustReading()
        case .lingering, .ended:
            break
        }
    }

    /// One head, or what there is of a body; false: what is left has to wait.
    private func take(_ window: inout MutableSpan<UInt8>, _ offset: inout Int) -> Bool {
        if case .answering(let exchange) = self.state, exchange.wantsBody {
            offset = self.feed(exchange, &window, from: offset)
            return true
        }
        guard self.mayTakeHead else { return false }
        do throws(RequestHeadViolation) {
            let bytes = window.span.extracting(offset..<window.count)
            guard let (head, used) = try self.parser.parse(bytes) else { return false }
            offset += used
            self.open(head)
        } catch {
            self.service.refused(self.client, error.status, error.reason)
            let (head, body) = ResponseHead.plainText(error.status, error.reason)
            self.send(head, body: body, keepsAlive: false)
        }
        return true
    }

    func processPending() {
        guard var buffer = self.pending.take() else { return }
        let (begin, end) = (buffer.begin, buffer.end)
        var bytes = buffer.bytes
        var window = bytes._mutatingExtracting(0..<end)
        self.process(&window, from: begin)
    }

    /// Appends to `pending`; false when the worker has no buffer for it, or when the client sends on between two
    /// requests and takes none of its answers.
    private func keep(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard let before = self.pending.take() else {
            guard var buffer = self.loop.pool.take(bytes.count, headroom: ReceiveWindow.headroom) else { return false }
            _ = buffer.append(bytes)
            self.pending = consume buffer
            return true
        }
        var buffer = before
        if buffer.writableCount < bytes.count {
            let count = buffer.count + bytes.count
            guard var larger = self.loop.pool.take(count, headroom: ReceiveWindow.headroom) else { return false }
            _ = larger.append(buffer.readable)
            buffer = consume larger
        }
        _ = buffer.append(bytes)
        self.pending = consume buffer
        switch self.state {
        case .reading: return self.stream.unsentCount == 0
        case .answering, .lingering, .upgraded, .ended: return true
        }
    }

    private func open(_ head: consuming RequestHead) {
        self.stopTimer()
        // A body we do not want is not read: the connection ends after the answer (see `respond`).
        let exchange = Exchange(head, client: self.client, connection: self)
        self.state = .answering(exchange)
        self.service.serve(exchange)
        switch self.state {
        case .answering: self.adjustReading()
        case .reading, .lingering, .upgraded, .ended: break
        }
    }
}

// MARK: - Answers

extension HTTPConnection {
    func respond(_ head: ResponseHead, body: [UInt8], to exchange: Exchange, closes: Bool) {
        guard case .answering = self.state else { return }
        let request = exchange.head
        let keepsAlive = !closes && !self.isDraining && request.keepAlive && exchange.isBodyRead
        self.send(head, body: body, keepsAlive: keepsAlive, omitsBody: request.method == "HEAD")
        guard keepsAlive, case .reading = self.state else { return }
        self.awaitRequest(handed: body.count)
    }

    /// The connection is as it was before its first request, and idle; `handed` bytes of a body went out just now.
    func awaitRequest(handed: Int = .max) {
        self.hasAnswered = true
        self.startTimer(self.limits.headTimeout, handed: handed)
        self.resume()
    }

    /// A client that does not read its answers gets no more of them: else few bytes of requests would fill the worker's
    /// pool with answers.
    private var mayTakeHead: Bool {
        guard case .reading = self.state else { return false }
        return self.stream.unsentCount == 0
    }

    /// Goes on with what came meanwhile, at the end of the turn: the answer may have been given within a call.
    func resume() {
        guard self.mayTakeHead else { return self.stream.pauseReading() }
        self.stream.resumeReading()
        guard self.pending != nil else { return }
        self.loop.atEndOfTurn {
            if self.mayTakeHead { self.processPending() }
        }
    }

    func send(_ head: ResponseHead, body: [UInt8], keepsAlive: Bool, omitsBody: Bool = false) {
        var head = head
        self.stamp(&head.fields)
        head.fields.set("Content-Length", FieldValue(String(body.count)))
        head.fields.set("Connection", keepsAlive ? "keep-alive" : "close")
        var bytes: [UInt8] = []
        head.serialize(into: &bytes)
        if !omitsBody { bytes.append(contentsOf: body) }
        self.state = .reading
        self.stream.write(bytes.span)
        if !keepsAlive { self.linger(hasClientEnded: false) }
    }
}
