internal import IOCore
internal import Upstreams

/// Connections of one route on one worker that wait for the next request, by server; the freshest is taken first, so
/// that those beyond the need run out.
///
/// A server may close an idle connection at any time: that is heard here, and whoever takes one a moment too early
/// tries again elsewhere.
package final class IdleStreams {
    /// Connections that wait at a time: beyond it they are closed.
    private let countMax: Int
    /// Nanoseconds a connection waits.
    private let patience: UInt64
    private let loop: any EventLoop
    private var waiting: [UpstreamAddress: [IdleStream]] = [:]
    private var count = 0
    private var isClosed = false

    init(countMax: Int, patience: UInt64, loop: any EventLoop) {
        self.countMax = countMax
        self.patience = patience
        self.loop = loop
    }

    /// Closes what waits, and whatever is given from now on: the server goes away, or the route.
    package func close() {
        self.isClosed = true
        for streams in self.waiting.values {
            for stream in streams { stream.close() }
        }
        self.waiting = [:]
        self.count = 0
    }

    /// Takes over a stream on which nothing is under way.
    func park(_ stream: any ByteStream, for server: UpstreamAddress) {
        guard !self.isClosed, self.count < self.countMax, stream.unsentCount == 0 else { return stream.close() }
        let idle = IdleStream(stream, server, self, loop: self.loop, until: self.loop.now &+ self.patience)
        self.waiting[server, default: []].append(idle)
        self.count += 1
        stream.delegate = idle
        stream.resumeReading()
    }

    /// A connection to `server`; it may break before it has a new owner.
    func take(_ server: UpstreamAddress) -> IdleStream? {
        guard let idle = self.waiting[server]?.popLast() else { return nil }
        self.count -= 1
        return idle
    }

    fileprivate func forget(_ idle: IdleStream) {
        guard let index = self.waiting[idle.server]?.firstIndex(where: { $0 === idle }) else { return }
        self.waiting[idle.server]?.remove(at: index)
        self.count -= 1
    }
}

/// One of them.
final class IdleStream: ByteStreamDelegate, TimerClient {
    let server: UpstreamAddress
    private let stream: any ByteStream
    private let loop: any EventLoop
    /// Nobody's while it is handed over.
    private weak var pool: IdleStreams?
    private var timer: TimerID?
    private var isClosed = false

    init(_ stream: any ByteStream, _ server: UpstreamAddress, _ pool: IdleStreams, loop: any EventLoop, until: UInt64) {
        self.server = server
        self.stream = stream
        self.loop = loop
        self.pool = pool
        self.timer = loop.startTimer(self, at: until)
    }

    /// The stream for its new owner, who sets its delegate at once; nil: it broke meanwhile.
    func release() -> (any ByteStream)? {
        self.stopTimer()
        return self.isClosed ? nil : self.stream
    }

    func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        self.stopTimer()
        self.stream.close()
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }

    private func leave() {
        self.pool?.forget(self)
        self.close()
    }

    func timerFired() {
        self.timer = nil
        self.leave()
    }

    /// Nobody has asked anything: what comes now belongs to no answer and must not come in front of the next one.
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) { self.leave() }
    func inputEnded() { self.leave() }
    func outputAdvanced() {}
    func failed(_ failure: StreamFailure) { self.leave() }
}
