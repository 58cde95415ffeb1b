import Buffers
import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing

/// Connecting without waiting, against the kernel.
@Suite struct OutgoingSocketTests {
    private static let loopback = SocketAddress.ipv4(address: 0x7F00_0001, port: 0)
    let reactor: Reactor

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        self.reactor = try Reactor(pool: .forTests())
    }

    private func connect(_ address: SocketAddress, _ options: SocketOptions = SocketOptions()) -> Opened {
        let opened = Opened()
        opened.opening = self.reactor.connect(to: address, options, opened)
        #expect(opened.isSilent, "nobody is told from inside the call")
        return opened
    }

    private func wait(_ opened: Opened...) {
        Script.run(self.reactor, { opened.allSatisfy { !$0.isSilent } })
    }

    @Test func aListenerIsReached() throws {
        let listener = try Socket.listener(Self.loopback, sharesPort: false)
        let opened = self.connect(try Socket.localAddress(listener))
        self.wait(opened)
        let stream = try #require(opened.stream)
        let (far, _) = try #require(try Socket.accept(listener))
        stream.write([1, 2, 3].span)
        let ends = Ends(near: far, far: far)
        #expect(ends.readFar() == [1, 2, 3])
        opened.opening?.cancel()
        stream.write([4].span)
        #expect(ends.readFar() == [4], "what is there is no attempt any more")
        stream.close()
        ends.closeFar()
    }

    @Test func optionsAreSet() throws {
        let options = SocketOptions(keepAlive: KeepAlive(idleSeconds: 33, intervalSeconds: 7, questionsMax: 5))
        // TEST-NET-1 (RFC 5737); nothing is connected.
        let elsewhere = SocketAddress.ipv4(address: 0xC000_0201, port: 80)
        let socket = try Socket.outgoing(elsewhere, options)
        #expect(value(of: socket, SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(value(of: socket, CInt(IPPROTO_TCP), TCP_NODELAY) == 1)
        #expect(value(of: socket, CInt(IPPROTO_TCP), TCP_KEEPIDLE) == 33)
        #expect(value(of: socket, CInt(IPPROTO_TCP), TCP_KEEPINTVL) == 7)
        #expect(value(of: socket, CInt(IPPROTO_TCP), TCP_KEEPCNT) == 5)
        #expect(fcntl(socket.rawValue, F_GETFD) == FD_CLOEXEC)
        #expect(fcntl(socket.rawValue, F_GETFL) & O_NONBLOCK != 0)
        for (address, options) in [(elsewhere, SocketOptions(keepAlive: nil)), (Self.loopback, options)] {
            let silent = try Socket.outgoing(address, options)
            #expect(value(of: silent, SOL_SOCKET, SO_KEEPALIVE) == 0)
            #expect(value(of: silent, CInt(IPPROTO_TCP), TCP_NODELAY) == 1)
        }
    }

    @Test func nobodyListens() throws {
        var address = Self.loopback
        do { address = try Socket.localAddress(try Socket.listener(Self.loopback, sharesPort: false)) }
        let opened = self.connect(address)
        self.wait(opened)
        #expect(opened.error == .connectionRefused)
    }

    @Test func unixPathsThatFail() throws {
        let missing = self.connect(.unix(path: "/nowhere/at/all.sock"))
        let long = self.connect(.unix(path: "/" + String(repeating: "x", count: 107)))
        self.wait(missing, long)
        #expect(missing.error == .noSuchFile)
        #expect(long.error == .nameTooLong)
    }

    /// connect(2) of a unix socket says EAGAIN and waits for nothing.
    @Test func aFullQueueIsAskedAgain() throws {
        let path = "/tmp/wsbridge-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        let address = SocketAddress.unix(path: path)
        let listener = try Socket.listener(address, sharesPort: false)
        defer { unsafe unlink(path) }
        listen(listener.rawValue, 0)
        let first = self.connect(address)
        let second = self.connect(address)
        let third = self.connect(address)
        third.opening?.cancel()
        let pause = Pause(ticks: 10)
        var far: CInt = -1
        Script.run(
            self.reactor,
            { first.stream != nil },
            pause.step,
            Script.once { #expect(second.isSilent) },
            Script.once { far = (try? Socket.accept(listener))?.descriptor ?? -1 },
            { !second.isSilent })
        #expect(pause.hasSlept, "it is asked again from time to time only")
        #expect(second.stream != nil)
        #expect(third.isSilent)
        #expect(close(far) == 0)
        first.stream?.close()
        second.stream?.close()
    }

    @Test func whoIsCalledOffHearsNothing() throws {
        let listener = try Socket.listener(Self.loopback, sharesPort: false)
        let opened = self.connect(try Socket.localAddress(listener))
        opened.opening?.cancel()
        opened.opening?.cancel()
        let missing = self.connect(.unix(path: "/nowhere/at/all.sock"))
        missing.opening?.cancel()
        let last = self.connect(try Socket.localAddress(listener))
        self.wait(last)
        #expect(opened.isSilent)
        #expect(missing.isSilent)
        last.stream?.close()
    }

    @Test func aLoopThatEndsLetsGo() throws {
        let listener = try Socket.listener(Self.loopback, sharesPort: false)
        weak var opening: (any SocketOpening)?
        do {
            let opened = self.connect(try Socket.localAddress(listener))
            opening = opened.opening
            self.reactor.close()
            opened.opening = nil
        }
        #expect(opening == nil)
    }
}

private final class Opened: SocketOpeningClient {
    var opening: (any SocketOpening)?
    var stream: (any ByteStream)?
    var error: Errno?
    var isSilent: Bool { self.stream == nil && self.error == nil }

    func socketOpened(_ stream: any ByteStream) { self.stream = stream }
    func socketFailed(_ error: Errno) { self.error = error }
}

private func value(of socket: borrowing Descriptor, _ level: CInt, _ option: CInt) -> CInt {
    var value: CInt = -1
    var length = socklen_t(MemoryLayout<CInt>.size)
    _ = unsafe getsockopt(socket.rawValue, level, option, &value, &length)
    return value
}
