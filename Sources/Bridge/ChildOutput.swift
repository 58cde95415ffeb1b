internal import Buffers
internal import IOCore
internal import StdioFraming
internal import WebSocket

/// A child's standard output on its way to the client: records become messages, several of one read leave with one
/// write.
final class ChildOutput: ByteStreamDelegate {
    private enum State {
        /// With a record whose end has not come yet, if there is one.
        case passing(HeldRecord?)
        case discarding
    }

    private let command: CommandSettings
    private var state = State.passing(nil)
    private var peer: ChildPeer?

    init(_ command: CommandSettings) { self.command = command }

    func start(_ stream: any ByteStream, peer: ChildPeer) {
        self.peer = peer
        stream.delegate = self
    }

    var isDiscarding: Bool {
        switch self.state {
        case .passing: false
        case .discarding: true
        }
    }

    /// Nobody wants it any more.
    func discard() { self.state = .discarding }

    /// Its stream is closed.
    func close() {
        self.peer = nil
        self.release()
    }

    private var held: HeldRecord? {
        switch self.state {
        case .passing(let record): record
        case .discarding: nil
        }
    }

    private func hold(_ record: HeldRecord) {
        if !self.isDiscarding { self.state = .passing(record) }
    }

    private func release() {
        if !self.isDiscarding { self.state = .passing(nil) }
    }

    // MARK: ByteStreamDelegate

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard !self.isDiscarding, let session = self.peer?.session else { return }
        if self.command.passesReadsWhole {
            return self.passWhole(&window, from: start, to: session)
        }
        let input = window.span.extracting(start..<window.count)
        session.loop.withScratch { scratch in
            var builder = FrameBuilder()
            self.frame(input, into: &builder, &scratch, session)
            self.flush(&builder, scratch, session)
        }
    }

    func inputEnded() {
        if let record = self.held, let session = self.peer?.session {
            session.loop.withScratch { scratch in
                var builder = FrameBuilder()
                self.frameRest(record, into: &builder, &scratch, session)
                self.flush(&builder, scratch, session)
            }
        }
        self.end()
    }

    func outputAdvanced() {}

    func failed(_ failure: StreamFailure) { self.end() }

    private func end() {
        let peer = self.peer
        self.close()
        peer?.outputEnded()
    }
}

// MARK: - Records to frames

extension ChildOutput {
    /// One message a read: its header goes right in front of it, into the window's headroom.
    private func passWhole(
        _ window: inout MutableSpan<UInt8>, from start: Int, to session: WebSocketSession
    ) {
        let count = window.count - start
        let header = ServerFrame.headerCount(payloadCount: count)
        ServerFrame.write(.binary, payloadCount: count, into: &window, at: start - header)
        session.send(frames: window.span.extracting(start - header..<window.count), messages: 1, payloadCount: count)
    }

    private func frame(
        _ input: Span<UInt8>, into builder: inout FrameBuilder, _ scratch: inout MutableSpan<UInt8>,
        _ session: WebSocketSession
    ) {
        do throws(RecordViolation) {
            var decoder = self.held?.decoder ?? self.command.decoder
            var offset = 0
            while let piece = try decoder.next(input, at: &offset) {
                guard !self.isDiscarding else { return }
                self.take(
                    piece, of: input, expecting: decoder.payloadBytesMissing ?? 0, into: &builder, &scratch, session)
            }
            self.keep(decoder, session)
        } catch {
            self.flush(&builder, scratch, session)
            self.peer?.outputBroke(error.reason)
        }
    }

    /// Between records nothing is kept: an idle child costs no decoder.
    private func keep(_ decoder: RecordDecoder, _ session: WebSocketSession) {
        guard !decoder.isBetweenRecords else { return self.release() }
        let record = self.held ?? HeldRecord(pool: session.loop.pool, decoder: decoder)
        record.decoder = decoder
        self.hold(record)
    }

    /// The last record, when its end is the end of the output.
    private func frameRest(
        _ record: HeldRecord, into builder: inout FrameBuilder, _ scratch: inout MutableSpan<UInt8>,
        _ session: WebSocketSession
    ) {
        do throws(RecordViolation) {
            while let piece = try record.decoder.finish() {
                self.take(piece, of: Span(), expecting: 0, into: &builder, &scratch, session)
            }
        } catch {
            self.flush(&builder, scratch, session)
            self.peer?.outputBroke(error.reason)
        }
    }

    private func take(
        _ piece: RecordPiece, of input: Span<UInt8>, expecting missing: Int, into builder: inout FrameBuilder,
        _ scratch: inout MutableSpan<UInt8>, _ session: WebSocketSession
    ) {
        if piece.isWhole {
            return self.emit(input.extracting(piece.range), piece.kind, into: &builder, &scratch, session)
        }
        let record = self.held ?? HeldRecord(pool: session.loop.pool, decoder: self.command.decoder)
        self.hold(record)
        guard record.add(piece, of: input, expecting: missing) else {
            self.flush(&builder, scratch, session)
            self.peer?.outputBroke("no buffer left for a record of the program")
            return
        }
        guard piece.ends else { return }
        self.release()
        self.emit(record.buffer.readable, piece.kind, into: &builder, &scratch, session)
    }

    /// One message; text that is not UTF-8 as the route wants it.
    private func emit(
        _ payload: Span<UInt8>, _ kind: MessageKind, into builder: inout FrameBuilder,
        _ scratch: inout MutableSpan<UInt8>, _ session: WebSocketSession
    ) {
        var validator = UTF8Validator()
        let isValid = kind == .binary || (validator.consume(payload) && validator.isAtBoundary)
        if isValid {
            return self.append(payload, kind == .text ? .text : .binary, into: &builder, &scratch, session)
        }
        switch self.command.invalidText {
        case .binary:
            self.append(payload, .binary, into: &builder, &scratch, session)
        case .replace:
            self.append(Self.repaired(payload).span, .text, into: &builder, &scratch, session)
        case .close:
            self.flush(&builder, scratch, session)
            self.peer?.outputBroke("the program wrote text that is not UTF-8")
        }
    }

    private static func repaired(_ payload: Span<UInt8>) -> [UInt8] {
        [UInt8](capacity: TextRepair.repairedCount(of: payload)) { output in
            var offset = 0
            TextRepair.append(payload, from: &offset, to: &output)
        }
    }

    private func append(
        _ payload: Span<UInt8>, _ type: MessageType, into builder: inout FrameBuilder,
        _ scratch: inout MutableSpan<UInt8>, _ session: WebSocketSession
    ) {
        if !builder.fits(payload.count, in: scratch) { self.flush(&builder, scratch, session) }
        guard builder.fits(payload.count, in: scratch) else {
            // Larger than the scratch window: its header alone, then the payload from where it lies.
            ServerFrame.write(type, payloadCount: payload.count, into: &scratch, at: 0)
            let header = ServerFrame.headerCount(payloadCount: payload.count)
            session.send(frames: scratch.span.extracting(0..<header), messages: 0, payloadCount: 0)
            session.send(frames: payload, messages: 1, payloadCount: payload.count)
            return
        }
        builder.append(type, payload, to: &scratch)
    }

    private func flush(
        _ builder: inout FrameBuilder, _ scratch: borrowing MutableSpan<UInt8>, _ session: WebSocketSession
    ) {
        guard builder.end > 0 else { return }
        session.send(
            frames: scratch.span.extracting(0..<builder.end),
            messages: builder.messages, payloadCount: builder.payloadCount)
        builder = FrameBuilder()
    }
}
