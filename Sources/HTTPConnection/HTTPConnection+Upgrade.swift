internal import Buffers
internal import HTTPSemantics
internal import IOCore

extension HTTPConnection {
    /// Answers 101 and gives the stream away, with what came behind the head.
    func upgrade(_ head: ResponseHead, to makeDelegate: (any ByteStream) -> any ByteStreamDelegate) {
        guard case .answering = self.state else { return }
        var bytes: [UInt8] = []
        head.serialize(into: &bytes)
        self.stream.write(bytes.span)
        let delegate = makeDelegate(self.stream)
        self.stream.delegate = delegate
        self.state = .upgraded(delegate)
        self.stream.resumeReading()
        guard var buffer = self.pending.take() else { return }
        let (begin, end) = (buffer.begin, buffer.end)
        var window = buffer.bytes
        var filled = window._mutatingExtracting(0..<end)
        delegate.received(&filled, from: begin)
    }
}
