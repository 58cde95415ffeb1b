internal import IOCore
internal import Telemetry
internal import WebSocket

/// A child's standard error: always read, so that a child that complains is never stuck; each line goes to the log or
/// to the client.
final class ChildErrors: ByteStreamDelegate {
    /// A longer line is cut into pieces of this many bytes.
    private static let lineBytesMax = 4096

    let stream: any ByteStream
    private var peer: ChildPeer?
    private var line: [UInt8] = []

    init(_ stream: any ByteStream, peer: ChildPeer) {
        self.stream = stream
        self.peer = peer
        stream.delegate = self
    }

    func close() {
        self.finishLine()
        self.peer = nil
        self.stream.close()
    }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        for index in start..<window.count {
            let byte = window[index]
            if byte == UInt8(ascii: "\n") {
                self.emit()
            } else {
                self.line.append(byte)
                if self.line.count == Self.lineBytesMax { self.emit() }
            }
        }
    }

    func inputEnded() { self.end() }
    func outputAdvanced() {}
    func failed(_ failure: StreamFailure) { self.end() }

    private func end() {
        let peer = self.peer
        self.close()
        peer?.errorsEnded()
    }

    private func finishLine() {
        if !self.line.isEmpty { self.emit() }
    }

    private func emit() {
        let line = self.line
        self.line = []
        guard let peer = self.peer, let session = peer.session else { return }
        switch peer.command.errorPolicy {
        case .log:
            session.settings.log.write(.info, "stderr", peer.logFields + [LogField("line", .bytes(line))])
        case .client:
            session.sendText(String(decoding: line, as: UTF8.self))
        case .discard, .inherit:
            break
        }
    }
}
