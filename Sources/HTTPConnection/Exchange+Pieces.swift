internal import Buffers
package import HTTP1
package import HTTPSemantics
internal import IOCore
package import SystemCalls

// A body and an answer in pieces, each at the pace of the other side.
extension Exchange {
    /// Whether all of the request has been read.
    package var isBodyRead: Bool { self.head.body == .none || self.body.hasEnded }

    /// Whether the next bytes of the client go to the handler.
    var wantsBody: Bool { self.isBodyFlowing && self.handler != nil && !self.isBodyRead }

    /// Whether a handler wants to hear of a client that goes.
    var isAttended: Bool { self.handler?.attendsClient == true }

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

}

// MARK: - The answer

/// Writes the beginning of a body into the room that there is; gives how many bytes that were.
package typealias BodyStart = (inout MutableSpan<UInt8>) -> Int

extension Exchange {
    /// Begins the answer. Its fields say how long it is where `framing` is a length; what else frames it is added.
    /// The head leaves with the first content, or by `sendHead`, which must come before the end of the turn.
    package func begin(_ head: ResponseHead, _ framing: BodyFraming) {
        guard let connection = self.connection, !self.hasBegun else { return }
        let keepsAlive = self.keepsAlive(framing, connection)
        self.answer = .begun(framing, keepsAlive: keepsAlive)
        self.count?.count(head.status)
        var head = head
        connection.stamp(&head.fields)
        if framing == .chunked { head.fields.append("Transfer-Encoding", "chunked") }
        if !keepsAlive {
            head.fields.append("Connection", "close")
        } else if self.head.minorVersion == 0 {
            head.fields.append("Connection", "keep-alive")
        }
        head.serialize(into: &self.heldHead)
        if self.handler?.attendsClient == false { connection.watchDelivery() }
    }

    /// How long the head is that waits.
    package var heldCount: Int { self.heldHead.count }

    /// Nothing that the head could wait for is there.
    package func sendHead() {
        guard !self.heldHead.isEmpty else { return }
        let head = self.heldHead
        self.heldHead = []
        self.connection?.stream.write(head.span)
    }

    /// The same with lines that were written before, each with its end: status line and fields, all but Connection,
    /// in two runs. `content` bytes follow; `start` is asked for those that leave with the lines in one send.
    package func begin(prepared lines: [UInt8], _ more: [UInt8], content: Int, start: BodyStart) {
        guard let connection = self.connection, !self.hasBegun else { return }
        let framing: BodyFraming = content > 0 ? .length(content) : .none
        let keepsAlive = self.keepsAlive(framing, connection)
        self.answer = .begun(framing, keepsAlive: keepsAlive)
        // HTTP/1.1 200
        self.count?.count(digit: lines.count > 9 ? Int(lines[9]) - 0x30 : 0)
        let last = keepsAlive ? Self.keepAliveLines : Self.closeLines
        connection.loop.withScratch { scratch in
            var end = 0
            for part in [lines, more, last] {
                // Larger than every window: nobody's file has such a head.
                guard end + part.count <= scratch.count else { return connection.end() }
                ByteCopy.copy(part.span, into: &scratch, at: end)
                end += part.count
            }
            if content > 0 {
                var room = scratch._mutatingExtracting(end..<end + min(content, scratch.count - end))
                let written = start(&room)
                self.handedCount &+= written
                end += written
            }
            connection.stream.write(scratch.span.extracting(0..<end))
        }
        // Most are whole then: the timer of the next request follows at once.
        let isOut = self.handedCount == content && connection.stream.unsentCount == 0
        if !isOut, self.handler?.attendsClient == false { connection.watchDelivery() }
    }

    private static let keepAliveLines = Array("Connection: keep-alive\r\n\r\n".utf8)
    private static let closeLines = Array("Connection: close\r\n\r\n".utf8)

    /// Whether another request may follow: the client knows where the answer ends, and we where the request does. The
    /// rest of one that is answered already may come in time or never, and who is told that the connection ends can
    /// spare it.
    private func keepsAlive(_ framing: BodyFraming, _ connection: HTTPConnection) -> Bool {
        framing != .untilClose && !connection.isDraining && self.head.keepAlive && self.isBodyRead
    }

    /// Content of the answer.
    package func send(_ bytes: Span<UInt8>) {
        guard let connection = self.connection, case .begun(let framing, _) = self.answer, !bytes.isEmpty else {
            return
        }
        switch framing {
        case .none: break
        case .length, .untilClose:
            self.sendHead()
            self.handedCount &+= bytes.count
            connection.stream.write(bytes)
        case .chunked:
            connection.loop.withScratch { scratch in
                ByteCopy.copy(bytes, into: &scratch, at: ChunkFrame.headroom)
                self.send(&scratch, ChunkFrame.headroom..<ChunkFrame.headroom + bytes.count)
            }
        }
    }

    /// The same without a copy where there is room around it. Everything else of the window may be overwritten.
    /// `isLast`: the end of the answer, without trailers, goes with it where it is in chunks, and the window has room
    /// for `ChunkFrame.lastChunk` too; only `finish` may follow.
    package func send(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>, isLast: Bool = false) {
        guard let connection = self.connection, case .begun(let framing, let keepsAlive) = self.answer,
            !content.isEmpty
        else { return }
        var part = content
        switch framing {
        case .none: return
        case .length, .untilClose: break
        case .chunked:
            guard ChunkFrame.fits(content, in: window.count) else { return self.send(window.span.extracting(content)) }
            part = ChunkFrame.wrap(&window, content)
            guard isLast else { break }
            let end = ChunkFrame.lastChunk
            ByteCopy.copy(end.span, into: &window, at: part.upperBound)
            part = part.lowerBound..<part.upperBound + end.count
            self.answer = .begun(.none, keepsAlive: keepsAlive)
        }
        self.handedCount &+= part.count
        let whole = self.putHead(in: &window, before: part)
        connection.stream.write(window.span.extracting(whole))
    }

    /// Puts the head that waits in front of what leaves now, if there is room; else it leaves first.
    private func putHead(in window: inout MutableSpan<UInt8>, before part: Range<Int>) -> Range<Int> {
        let head = self.heldHead
        guard !head.isEmpty, head.count <= part.lowerBound else {
            self.sendHead()
            return part
        }
        self.heldHead = []
        let start = part.lowerBound - head.count
        ByteCopy.copy(head.span, into: &window, at: start)
        return start..<part.upperBound
    }

    /// Content from a file as far as the kernel takes it at once, without a copy (`ByteStream.sendFile`); nil where
    /// that is not possible, and it is read and sent instead. Not in chunks.
    package func sendFile(_ file: borrowing Descriptor, from offset: Int64, count: Int) -> Transfer? {
        guard let connection = self.connection, case .begun(.length, _) = self.answer else { return nil }
        let transfer = connection.stream.sendFile(file, from: offset, count: count)
        if case .moved(let moved)? = transfer { self.handedCount &+= moved }
        return transfer
    }

    /// Ends the answer.
    package func finish(_ trailers: HeaderFields = [:]) {
        guard case .begun(let framing, let keepsAlive) = self.answer, let connection = self.takeConnection() else {
            return
        }
        var bytes = self.heldHead
        self.heldHead = []
        if framing == .chunked {
            bytes.append(contentsOf: "0\r\n".utf8)
            trailers.appendSection(to: &bytes)
        }
        if !bytes.isEmpty { connection.stream.write(bytes.span) }
        connection.answerEnded(self, keepsAlive: keepsAlive)
    }

    /// The answer cannot be completed: the client sees that it is cut off.
    package func abort() {
        self.sendHead()
        self.takeConnection()?.cutAnswer()
    }
}
