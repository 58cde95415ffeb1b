import Buffers
import Glibc
import Reactor
import SystemCalls
import Testing

/// What becomes of connections that wait when a listener goes.
@Suite struct ListenerTests {
    @Test func aListenerThatFinishesTakesWhatWaits() throws {
        let reactor = try Reactor(pool: .forTests(bytesMax: 2 << 20))
        let loopback = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
        let descriptor = try Socket.listener(loopback, sharesPort: true)
        let port = try #require(try Socket.localAddress(descriptor).port)
        let accepted = Accepted()
        let listener = try Listener(
            descriptor, reactor: reactor, accept: { descriptor, _ in accepted.descriptors.append(descriptor) },
            exhausted: { _ in })
        // More than one turn would take.
        let clients = (0..<40).map { _ in connectToLoopback(port) }
        defer { for client in clients + accepted.descriptors { close(client) } }
        #expect(clients.allSatisfy { $0 >= 0 })
        #expect(accepted.descriptors.isEmpty)
        listener.finish(isLast: true)
        #expect(accepted.descriptors.count == 40)
        // Nobody answers it: a connect(2) that waits would do so for two minutes.
        let late = connectToLoopback(port, waits: false)
        listener.finish(isLast: true)
        #expect(accepted.descriptors.count == 40, "a listener that has finished takes nothing more")
        close(late)
    }
}

private final class Accepted {
    var descriptors: [CInt] = []
}

/// `waits` until the connection stands; else what there is to it on loopback is done, whatever became of it.
private func connectToLoopback(_ port: UInt16, waits: Bool = true) -> CInt {
    let flags = waits ? 0 : CInt(SOCK_NONBLOCK.rawValue)
    let client = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | flags, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    return result == 0 || !waits ? client : -1
}
