internal import Bridge
internal import Forwarding
internal import HTTP1
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore

// The request's body, from the client to the server.
extension ProxyExchange: ExchangeHandler {
    var attendsClient: Bool { true }

    func bodyReceived(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>) {
        guard let stream = self.connection?.stream else { return }
        self.moved &+= UInt64(content.count)
        switch self.exchange.head.body {
        case .none: return
        case .length: stream.write(window.span.extracting(content))
        case .chunked:
            let chunk = ChunkFrame.wrap(&window, content)
            stream.write(window.span.extracting(chunk))
        }
        self.noteRequest()
    }

    func bodyEnded(_ trailers: HeaderFields) {
        guard let stream = self.connection?.stream else { return }
        if self.exchange.head.body == .chunked {
            var bytes = Array("0\r\n".utf8)
            trailers.forwardableTrailers.appendSection(to: &bytes)
            stream.write(bytes.span)
        }
        self.requestSent()
        self.watch()
    }

    /// The client's body follows what the server takes.
    func noteRequest() {
        guard let stream = self.connection?.stream else { return }
        switch self.requestFlow.update(waiting: stream.unsentCount, self.route.settings.watermarks) {
        case .none: break
        case .pauseSource: self.exchange.pauseBody()
        case .resumeSource: self.exchange.readBody()
        }
    }

    func answerAdvanced() { self.noteAnswer() }

    /// An application should not work on for somebody who is gone: the end of its connection tells it.
    func clientLeft() { self.leave() }
}
