internal import Buffers
package import HTTPSemantics
internal import IOCore
package import SystemCalls

/// How the client learns where the body of an answer ends (RFC 9112 section 6).
package enum AnswerLength: Hashable, Sendable {
    /// Exactly this many bytes.
    case exact(Int)
    /// Nobody knows yet: chunks, or for HTTP/1.0 the end of the connection.
    case chunked
    /// Only the end of the connection tells.
    case untilClose
}

/// Writes the beginning of a body into the room that there is; gives how many bytes that were.
package typealias BodyStart = (inout MutableSpan<UInt8>) -> Int

/// Who writes an answer that comes in parts.
package protocol AnswerSource: AnyObject {
    /// Some of what waited has gone to the kernel: `AnswerBody.unsentCount` tells what is left.
    func answerAdvanced()
    /// The client is gone, or takes nothing any more. Nothing is called after this.
    func answerCancelled()
}

/// The body of an answer that is written in parts, as fast as the client takes it.
///
/// Its source pauses itself while much is unsent and goes on in `answerAdvanced`. It ends with one of `finish` and
/// `abort`; after either, and after `answerCancelled`, every call does nothing.
package final class AnswerBody {
    enum Framing: Equatable {
        case exact(remaining: Int)
        case chunked
        case untilClose
        /// An answer to HEAD, 204 or 304: nothing of the body goes out.
        case omitted
    }

    private(set) var source: (any AnswerSource)?
    private var connection: HTTPConnection?
    private(set) var framing: Framing
    let keepsAlive: Bool
    /// Bytes handed to the stream, and how many of them had reached the client at the last look.
    private(set) var handedCount = 0
    var deliveredCount = 0

    init(_ framing: Framing, source: any AnswerSource, connection: HTTPConnection, keepsAlive: Bool) {
        self.framing = framing
        self.source = source
        self.connection = connection
        self.keepsAlive = keepsAlive
    }

    /// Bytes that the kernel has not taken yet.
    package var unsentCount: Int { self.connection?.stream.unsentCount ?? 0 }

    /// The first bytes of a body of exact length went out with the head.
    func tookStart(_ count: Int) {
        guard case .exact(let remaining) = self.framing else { return }
        precondition(count <= remaining, "a body is not longer than was said")
        self.framing = .exact(remaining: remaining - count)
        self.handedCount &+= count
    }

    /// Nothing is missing but `finish`.
    var isComplete: Bool { self.framing == .exact(remaining: 0) || self.framing == .omitted }

    /// The client gets no body, whatever is written: the source may save itself the work.
    package var isOmitted: Bool { self.framing == .omitted }

    package func write(_ bytes: Span<UInt8>) {
        guard let connection = self.connection, !bytes.isEmpty else { return }
        switch self.framing {
        case .exact(let remaining):
            precondition(bytes.count <= remaining, "a body is not longer than was said")
            self.framing = .exact(remaining: remaining - bytes.count)
        case .chunked:
            return self.writeChunk(bytes, connection)
        case .untilClose:
            break
        case .omitted:
            return
        }
        self.handedCount &+= bytes.count
        connection.stream.write(bytes)
    }

    /// Sends a part of a file as far as the kernel takes it at once, without a copy (`ByteStream.sendFile`); nil where
    /// that is not possible, and the source reads and writes instead. For bodies of an exact length.
    package func writeFile(_ file: borrowing Descriptor, from offset: Int64, count: Int) -> Transfer? {
        guard let connection = self.connection, case .exact(let remaining) = self.framing else { return nil }
        precondition(count <= remaining, "a body is not longer than was said")
        let transfer = connection.stream.sendFile(file, from: offset, count: count)
        if case .moved(let moved)? = transfer {
            self.framing = .exact(remaining: remaining - moved)
            self.handedCount &+= moved
        }
        return transfer
    }

    /// The body is complete. `trailers` go out behind chunks and nowhere else.
    package func finish(trailers: HeaderFields = [:]) {
        guard let connection = self.takeConnection() else { return }
        switch self.framing {
        case .exact(let remaining):
            // The client waits for what was promised: only the end of the connection tells it that nothing comes.
            guard remaining == 0 else { return connection.end() }
        case .chunked:
            var bytes: [UInt8] = Array("0\r\n".utf8)
            ResponseHead.append(trailers, to: &bytes)
            bytes += [0x0D, 0x0A]
            connection.stream.write(bytes.span)
        case .untilClose, .omitted:
            break
        }
        connection.finishStreaming(self)
    }

    /// The rest will not come: the connection ends, so that the client does not take what it has for the whole.
    package func abort() { self.takeConnection()?.end() }

    /// Told by the connection: the client is gone.
    func cancel() {
        let source = self.source
        guard self.takeConnection() != nil else { return }
        source?.answerCancelled()
    }

    private func takeConnection() -> HTTPConnection? {
        let connection = self.connection
        self.connection = nil
        self.source = nil
        return connection
    }
}

// MARK: - Chunks

extension AnswerBody {
    /// Hexadecimal digits of the largest length, and two line ends.
    private static let chunkOverheadMax = 16 + 4

    private func writeChunk(_ bytes: Span<UInt8>, _ connection: HTTPConnection) {
        let size = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
        let end: [UInt8] = [0x0D, 0x0A]
        let count = size.count + bytes.count + end.count
        self.handedCount &+= count
        var isWritten = false
        // One send for the three of them.
        connection.loop.withScratch { scratch in
            guard scratch.count >= bytes.count + Self.chunkOverheadMax else { return }
            ByteCopy.copy(size.span, into: &scratch, at: 0)
            ByteCopy.copy(bytes, into: &scratch, at: size.count)
            ByteCopy.copy(end.span, into: &scratch, at: size.count + bytes.count)
            connection.stream.write(scratch.span.extracting(0..<count))
            isWritten = true
        }
        guard !isWritten else { return }
        connection.stream.write(size.span)
        connection.stream.write(bytes)
        connection.stream.write(end.span)
    }
}
