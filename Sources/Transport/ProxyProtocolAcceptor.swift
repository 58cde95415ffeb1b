package import IOCore
package import ProxyProtocol

/// Hears what a proxy said, once.
package protocol ProxyProtocolClient: AnyObject {
    /// The stream gets its delegate here; what came behind the header follows.
    func proxyHeaderReceived(_ header: ProxyHeader, on stream: any ByteStream)
    /// The stream is closed.
    func proxyHeaderFailed(_ failure: ProxyHeaderFailure)
}

/// Why a connection was closed before it said for whom it is.
package enum ProxyHeaderFailure: Equatable, Sendable {
    case violation(ProxyHeaderViolation)
    /// Not complete within the deadline.
    case late
    /// The peer ended the connection; without a byte, as some health checks do, when `isSilent`.
    case cut(isSilent: Bool)
    case transport(StreamFailure)

    /// In the words of a log line.
    package var reason: String {
        switch self {
        case .violation(let violation): violation.reason
        case .late: "PROXY header not complete in time"
        case .cut: "the connection ended before its PROXY header"
        case .transport(let failure): "\(failure)"
        }
    }
}

/// Takes the PROXY header off the front of a stream and steps aside.
///
/// The header is required: a listener that took it or left it would let anybody say who they are.
package final class ProxyProtocolAcceptor: ByteStreamDelegate, TimerClient {
    private let stream: any ByteStream
    private let loop: any EventLoop
    /// Nil: it has heard.
    private var client: (any ProxyProtocolClient)?
    private var timer: TimerID?
    /// The start of a header that did not come whole.
    private var pending: [UInt8] = []

    package init(_ stream: any ByteStream, loop: any EventLoop, client: any ProxyProtocolClient, deadline: UInt64) {
        self.stream = stream
        self.loop = loop
        self.client = client
        stream.delegate = self
        self.timer = loop.startTimer(self, at: deadline)
    }

    package func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard self.client != nil else { return }
        do throws(ProxyHeaderViolation) {
            let known = self.pending.count
            if known == 0 {
                guard let found = try ProxyHeader.parse(window.span.extracting(start..<window.count)) else {
                    return self.keep(window.span.extracting(start..<window.count))
                }
                return self.step(aside: found.header, &window, restFrom: start + found.bytesUsed)
            }
            self.keep(window.span.extracting(start..<window.count))
            let bytes = self.pending
            guard let found = try ProxyHeader.parse(bytes.span) else { return }
            self.step(aside: found.header, &window, restFrom: start + found.bytesUsed - known)
        } catch {
            self.end(.violation(error))
        }
    }

    package func inputEnded() { self.end(.cut(isSilent: self.pending.isEmpty)) }
    package func outputAdvanced() {}
    package func failed(_ failure: StreamFailure) { self.end(.transport(failure)) }

    package func timerFired() {
        self.timer = nil
        self.end(.late)
    }

    /// Ends a connection that has not said yet for whom it is.
    package func drain() {
        self.client = nil
        self.stopTimer()
        self.stream.close()
    }

    /// A header that is longer than the largest is refused before it is kept.
    private func keep(_ bytes: Span<UInt8>) {
        let count = min(bytes.count, ProxyHeader.bytesMax - self.pending.count)
        for index in 0..<count { self.pending.append(bytes[index]) }
    }

    private func step(aside header: ProxyHeader, _ window: inout MutableSpan<UInt8>, restFrom rest: Int) {
        guard let client = self.takeClient() else { return }
        client.proxyHeaderReceived(header, on: self.stream)
        guard rest < window.count, let next = self.stream.delegate, next !== self else { return }
        next.received(&window, from: rest)
    }

    private func end(_ failure: ProxyHeaderFailure) {
        guard let client = self.takeClient() else { return }
        self.stream.close()
        client.proxyHeaderFailed(failure)
    }

    private func takeClient() -> (any ProxyProtocolClient)? {
        self.stopTimer()
        return self.client.take()
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}
