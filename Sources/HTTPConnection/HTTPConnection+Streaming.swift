internal import Buffers
internal import HTTPSemantics
internal import IOCore

// Answers whose body comes in parts.
extension HTTPConnection {
    func begin(
        _ head: ResponseHead, _ length: AnswerLength, to request: RequestHead, closes: Bool,
        source: any AnswerSource, first: BodyStart?
    ) -> AnswerBody? {
        guard case .answering = self.state else { return nil }
        var head = head
        var framing = Self.framing(length, of: request)
        let isDelimited = framing != .untilClose
        if head.status == .noContent || head.status == .notModified {
            // A length would be that of what is not sent: whoever knows it has set it (RFC 9110 section 8.6).
            framing = .omitted
        }
        switch framing {
        case .exact(let count): head.fields.set("Content-Length", FieldValue(String(count)))
        case .chunked: head.fields.set("Transfer-Encoding", "chunked")
        case .untilClose, .omitted: break
        }
        if request.method == "HEAD" { framing = .omitted }
        let keepsAlive =
            !closes && !self.isDraining && request.keepAlive && request.body == .none
            && (isDelimited || framing == .omitted)
        head.fields.set("Connection", keepsAlive ? "keep-alive" : "close")
        var bytes: [UInt8] = []
        head.serialize(into: &bytes)
        let body = AnswerBody(framing, source: source, connection: self, keepsAlive: keepsAlive)
        self.start(body, bytes, first)
        return body
    }

    /// The same for a head that was written before, up to what belongs to the connection.
    func begin(
        prepared head: [UInt8], count: Int, to request: RequestHead, source: any AnswerSource, first: BodyStart?
    ) -> AnswerBody? {
        guard case .answering = self.state else { return nil }
        let keepsAlive = !self.isDraining && request.keepAlive && request.body == .none
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.count + 80)
        bytes += head
        bytes += "Content-Length: ".utf8
        bytes += String(count).utf8
        bytes += (keepsAlive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n").utf8
        let body = AnswerBody(
            request.method == "HEAD" ? .omitted : .exact(remaining: count), source: source, connection: self,
            keepsAlive: keepsAlive)
        self.start(body, bytes, first)
        return body
    }

    private func start(_ body: AnswerBody, _ head: [UInt8], _ first: BodyStart?) {
        self.state = .streaming(body)
        self.write(head, first, of: body)
        // Most are whole then: the timer of the next request follows at once.
        if !body.isComplete || self.stream.unsentCount > 0 { self.startTimer(self.limits.stallTimeout, handed: 0) }
    }

    /// Writes head and beginning of the body with one send.
    private func write(_ head: [UInt8], _ first: BodyStart?, of body: AnswerBody) {
        guard let first, case .exact(let count) = body.framing, count > 0 else {
            return self.stream.write(head.span)
        }
        self.loop.withScratch { scratch in
            guard head.count < scratch.count else { return self.stream.write(head.span) }
            ByteCopy.copy(head.span, into: &scratch, at: 0)
            let end = head.count + min(count, scratch.count - head.count)
            var room = scratch._mutatingExtracting(head.count..<end)
            let written = first(&room)
            body.tookStart(written)
            self.stream.write(scratch.span.extracting(0..<head.count + written))
        }
    }

    private static func framing(_ length: AnswerLength, of request: RequestHead) -> AnswerBody.Framing {
        switch length {
        case .exact(let count): .exact(remaining: count)
        // RFC 9112 section 7.1: no chunks for who does not speak HTTP/1.1.
        case .chunked: request.minorVersion >= 1 ? .chunked : .untilClose
        case .untilClose: .untilClose
        }
    }

    /// The body is with the stream: what follows is the same as behind an answer that came whole.
    func finishStreaming(_ body: AnswerBody) {
        guard case .streaming(let current) = self.state, current === body else { return }
        self.stopTimer()
        self.state = .reading
        self.hasAnswered = true
        guard body.keepsAlive, !self.isDraining else { return self.linger(hasClientEnded: false) }
        self.startTimer(self.limits.headTimeout, handed: body.handedCount)
        self.resume()
    }

    /// A client that took nothing since the last look, although something waits for it, is given up. One that has
    /// everything may wait for more as long as the source lets it.
    func checkStreaming(_ body: AnswerBody) {
        let undelivered = self.stream.undeliveredCount
        let delivered = body.handedCount &- undelivered
        guard undelivered == 0 || delivered != body.deliveredCount else { return self.end() }
        body.deliveredCount = delivered
        self.startTimer(self.limits.stallTimeout, handed: 0)
    }
}
