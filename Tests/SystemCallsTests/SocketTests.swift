import SystemCalls
import Testing

/// Over loopback, ports chosen by the kernel.
@Suite struct SocketTests {
    private static let anyPort = SocketAddress.ipv4(address: 0x7F00_0001, port: 0)

    @Test func aBoundSocketTakesNoConnections() throws {
        let bound = try Socket.bound(Self.anyPort, sharesPort: false)
        #expect(try Self.connectError(Socket.localAddress(bound)) == .connectionRefused)
    }

    @Test func aListenerDoes() throws {
        let listener = try Socket.listener(Self.anyPort, sharesPort: false)
        #expect(try Self.connectError(Socket.localAddress(listener)) != .connectionRefused)
    }

    @Test(arguments: [true, false])
    func anAddressThatSomebodyListensAtCannotBeBoundAlone(theirsIsShared: Bool) throws {
        let listener = try Socket.listener(Self.anyPort, sharesPort: theirsIsShared)
        let address = try Socket.localAddress(listener)
        #expect(throws: Errno.addressInUse) { try Socket.bound(address, sharesPort: false).release() }
    }

    /// Over loopback a handshake is over when connecting returns, so the queue is what it is.
    @Test func newcomersAreDroppedAndWhoWaitsIsNot() throws {
        let listener = try Socket.listener(Self.anyPort, sharesPort: true)
        let address = try Socket.localAddress(listener)
        let early = try Socket.outgoing(address, SocketOptions())
        _ = try Socket.beginConnecting(early.rawValue, to: address)
        Socket.dropNewcomers(listener)
        let late = try Socket.outgoing(address, SocketOptions())
        #expect(try Socket.beginConnecting(late.rawValue, to: address) == .underWay)
        #expect(Socket.connectError(late.rawValue) == nil, "neither let in nor refused")
        let waiting = try #require(try Socket.accept(listener))
        _ = Descriptor(owning: waiting.descriptor)
        #expect(try Socket.accept(listener) == nil)
    }

    /// What connecting without waiting says; over loopback a refusal comes at once.
    private static func connectError(_ address: SocketAddress) -> Errno? {
        do throws(Errno) {
            let client = try Socket.outgoing(address, SocketOptions())
            _ = try Socket.beginConnecting(client.rawValue, to: address)
            return Socket.connectError(client.rawValue)
        } catch {
            return error
        }
    }
}
