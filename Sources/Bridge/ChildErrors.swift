internal import IOCore
internal import Telemetry
internal import WebSocket

/// A child's standard error: always read, so that a child that complains is never stuck; each line goes to the log or
/// to the client.
final class ChildErrors: ByteStreamDelegate {
    /// A longer line is cut into pieces of this many bytes.
    private static let lineBytesMax = 4096

    private let stream: any ByteStream
    private let policy: CommandSettings.ErrorPolicy
    private let pid: Int32
    private var peer: ChildPeer?
    private var line: [UInt8] = []
    /// True once everything was read.
    private(set) var isOver = false

    init(_ stream: any ByteStream, policy: CommandSettings.ErrorPolicy, pid: Int32) {
        self.stream = stream
        self.policy = policy
        self.pid = pid
    }

    func start(peer: ChildPeer) {
        self.peer = peer
        self.stream.delegate = self
    }

    /// Only what goes to the client has to wait for it.
    func pause() { if self.policy == .client { self.stream.pauseReading() } }
    func resume() { if self.policy == .client { self.stream.resumeReading() } }

    func close() {
        self.finishLine()
        self.stream.close()
        self.peer = nil
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
        self.finishLine()
        self.stream.close()
        self.isOver = true
        self.peer?.errorsEnded()
    }

    private func finishLine() {
        if !self.line.isEmpty { self.emit() }
    }

    private func emit() {
        let line = self.line
        self.line = []
        guard let peer = self.peer, let session = peer.session else { return }
        switch self.policy {
        case .log:
            session.settings.log.write(.info, "stderr", peer.logFields + [LogField("line", .bytes(line))])
        case .client:
            session.sendText(String(decoding: line, as: UTF8.self))
        case .discard, .inherit:
            break
        }
    }
}
