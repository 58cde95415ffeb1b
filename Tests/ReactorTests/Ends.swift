import Buffers
import Glibc

@testable import SystemCalls

/// Two descriptors that are connected: `near` is given to the code under test, `far` is the test's own.
struct Ends {
    let near: CInt
    let far: CInt

    /// AF_UNIX, stream, not blocking.
    static func socketPair() throws(Errno) -> Ends {
        var ends: [CInt] = [0, 0]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .current }
        return Ends(near: ends[0], far: ends[1])
    }

    /// A pair whose near end takes the number of an open descriptor over, which is closed by that.
    static func socketPair(replacing descriptor: CInt) throws(Errno) -> Ends {
        let pair = try Self.socketPair()
        guard dup2(pair.near, descriptor) >= 0 else { throw .current }
        close(pair.near)
        return Ends(near: descriptor, far: pair.far)
    }

    /// A pipe; `near` is its end for reading or for writing.
    static func pipe(nearReads: Bool) throws(Errno) -> Ends {
        var ends: [CInt] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw .current }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return nearReads ? Ends(near: ends[0], far: ends[1]) : Ends(near: ends[1], far: ends[0])
    }

    /// A pseudo terminal; the master is near.
    static func terminal() throws(Errno) -> Ends {
        let terminal = try ChildTerminal(size: .standard)
        let near = terminal.master.release()
        let far = terminal.slave.release()
        _ = fcntl(far, F_SETFL, O_NONBLOCK)
        return Ends(near: near, far: far)
    }

    /// A TCP connection over loopback.
    static func tcp() throws(Errno) -> Ends {
        let listener = try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false)
        let far = try Self.connect(to: try Socket.localAddress(listener))
        while true {
            if let near = try Socket.accept(listener)?.descriptor { return Ends(near: near, far: far) }
        }
    }

    static func connect(to address: SocketAddress) throws(Errno) -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        let result = unsafe address.withCAddress { unsafe Glibc.connect(descriptor, $0, $1) }
        guard descriptor >= 0, result == 0 else { throw .current }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// How many of them the kernel took.
    @discardableResult
    func writeFar(_ bytes: [UInt8]) -> Int {
        if case .moved(let count) = ByteTransfer.write(self.far, bytes.span) { count } else { 0 }
    }

    /// What is there now; nil at the end.
    func readFar() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var span = bytes.mutableSpan
        switch ByteTransfer.read(self.far, into: &span, from: 0) {
        case .moved(let count): return Array(bytes[..<count])
        case .notReady: return []
        case .ended, .failed: return nil
        }
    }

    func shutDownFar() { _ = shutdown(self.far, CInt(SHUT_WR)) }
    func closeFar() { _ = close(self.far) }

    /// Closes with a reset instead of an end (SO_LINGER of nothing).
    func resetFar() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(self.far, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        self.closeFar()
    }
}

extension BlockPool {
    static func forTests(bytesMax: Int = 16 << 20) -> BlockPool { BlockPool(bytesMax: bytesMax, reserve: 1 << 20) }
}

/// How often this thread has given up the processor to wait for something (getrusage(2)).
var sleepsOfThisThread: Int {
    var usage = rusage()
    // RUSAGE_THREAD, which hides behind _GNU_SOURCE.
    _ = unsafe getrusage(__rusage_who_t(1), &usage)
    return usage.ru_nvcsw
}
