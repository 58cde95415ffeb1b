internal import Glibc

/// A connection for commands that ask once and wait.
package struct BlockingConnection: ~Copyable {
    private let descriptor: Descriptor
    private let deadline: UInt64

    /// connect(2). From now on everything together has `milliseconds`: then a call fails with `.timedOut`, at the
    /// latest when it has taken as long once more.
    package init(_ address: SocketAddress, milliseconds: Int) throws(Errno) {
        self.deadline = Clock.monotonic &+ UInt64(milliseconds) &* 1_000_000
        do throws(Errno) {
            self.descriptor = try Socket.blocking(address, milliseconds: milliseconds)
        } catch {
            throw error == .inProgress || error == .wouldBlock ? .timedOut : error
        }
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8]) throws(Errno) {
        var done = 0
        while done < bytes.count {
            switch ByteTransfer.send(self.descriptor.rawValue, bytes.span.extracting(done...)) {
            case .moved(let count): done += count
            case .notReady, .ended: throw .timedOut
            case .failed(let error): throw error
            }
        }
    }

    /// Reads to the end of the other side, `bytesMax` at most.
    package func readToEnd(bytesMax: Int) throws(Errno) -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while all.count < bytesMax {
            guard Clock.monotonic < self.deadline else { throw .timedOut }
            var window = chunk.mutableSpan
            switch ByteTransfer.receive(self.descriptor.rawValue, into: &window, from: 0) {
            case .moved(let count): all.append(contentsOf: chunk[..<count])
            case .ended: return all
            case .notReady: throw .timedOut
            case .failed(let error): throw error
            }
        }
        return all
    }
}

extension Socket {
    /// A connected socket whose calls wait, but not longer than `milliseconds` (SO_RCVTIMEO, SO_SNDTIMEO).
    static func blocking(_ address: SocketAddress, milliseconds: Int) throws(Errno) -> Descriptor {
        let family: CInt
        switch address {
        case .ipv4: family = AF_INET
        case .ipv6: family = AF_INET6
        case .unix: family = AF_UNIX
        }
        let raw = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw .current }
        let descriptor = Descriptor(owning: raw)
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            let length = socklen_t(MemoryLayout<timeval>.size)
            guard unsafe setsockopt(raw, SOL_SOCKET, option, &time, length) == 0 else { throw .current }
        }
        guard unsafe address.withCAddress({ unsafe connect(raw, $0, $1) }) == 0 else { throw .current }
        return descriptor
    }
}
