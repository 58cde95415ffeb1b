internal import Buffers
package import HTTP1
package import HTTPSemantics
internal import IOCore

// A body and an answer in pieces, each at the pace of the other side.
extension Exchange {
    /// Whether all of the request has been read.
    package var isBodyRead: Bool { self.head.body == .none || self.body.hasEnded }

    /// Whether the next bytes of the client go to the handler.
    var wantsBody: Bool { self.isBodyFlowing && self.handler != nil && !self.isBodyRead }

    /// Whether a handler answers it piece by piece.
    var isStreamed: Bool { self.handler != nil }

    /// Whether a head of an answer has gone out.
    package var hasBegun: Bool {
        switch self.answer {
        case .none: false
        case .begun: true
        }
    }

    /// Lets content of the body come, from the end of this turn on.
    package func readBody() {
        guard !self.isBodyFlowing else { return }
        self.isBodyFlowing = true
        self.connection?.continueBody(of: self)
    }

    package func pauseBody() {
        guard self.isBodyFlowing else { return }
        self.isBodyFlowing = false
        self.connection?.adjustReading()
    }

    /// Bytes of the answer that the client's kernel has not taken.
    package var unsentCount: Int { self.connection?.stream.unsentCount ?? 0 }

    /// Bytes of the answer that the client has not acknowledged.
    package var undeliveredCount: Int { self.connection?.stream.undeliveredCount ?? 0 }

    /// An interim answer (RFC 9110 section 15.2), in front of the answer itself.
    package func sendInterim(_ head: ResponseHead) {
        guard self.head.minorVersion >= 1, !self.hasBegun else { return }
        var bytes: [UInt8] = []
        head.serialize(into: &bytes)
        self.connection?.stream.write(bytes.span)
    }

    /// Begins the answer. Its fields say how long it is where `framing` is a length; what else frames it is added.
    package func begin(_ head: ResponseHead, _ framing: BodyFraming) {
        guard let connection = self.connection, !self.hasBegun else { return }
        let endsByClose = framing == .untilClose
        let keepsAlive = !endsByClose && self.head.keepAlive && !connection.isDraining
        self.answer = .begun(framing, keepsAlive: keepsAlive)
        var head = head
        if framing == .chunked { head.fields.append("Transfer-Encoding", "chunked") }
        if !keepsAlive {
            head.fields.append("Connection", "close")
        } else if self.head.minorVersion == 0 {
            head.fields.append("Connection", "keep-alive")
        }
        var bytes: [UInt8] = []
        head.serialize(into: &bytes)
        connection.stream.write(bytes.span)
    }

    /// Content of the answer.
    package func send(_ bytes: Span<UInt8>) {
        guard let connection = self.connection, case .begun(let framing, _) = self.answer, !bytes.isEmpty else {
            return
        }
        switch framing {
        case .none: break
        case .length, .untilClose: connection.stream.write(bytes)
        case .chunked:
            connection.loop.withScratch { scratch in
                ByteCopy.copy(bytes, into: &scratch, at: ChunkFrame.headroom)
                self.send(&scratch, ChunkFrame.headroom..<ChunkFrame.headroom + bytes.count)
            }
        }
    }

    /// The same where there is room for a chunk's frame around it.
    package func send(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>) {
        guard let connection = self.connection, case .begun(let framing, _) = self.answer, !content.isEmpty else {
            return
        }
        switch framing {
        case .none: break
        case .length, .untilClose: connection.stream.write(window.span.extracting(content))
        case .chunked:
            let chunk = ChunkFrame.wrap(&window, content)
            connection.stream.write(window.span.extracting(chunk))
        }
    }

    /// Ends the answer.
    package func finish(_ trailers: HeaderFields = [:]) {
        guard case .begun(let framing, let keepsAlive) = self.answer, let connection = self.takeConnection() else {
            return
        }
        if framing == .chunked {
            var bytes = Array("0\r\n".utf8)
            trailers.appendLines(to: &bytes)
            connection.stream.write(bytes.span)
        }
        connection.answerEnded(self, keepsAlive: keepsAlive)
    }

    /// The answer cannot be completed: the client sees that it is cut off.
    package func abort() { self.takeConnection()?.cutAnswer() }
}
