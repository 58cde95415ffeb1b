package import SystemCalls

/// Who is at the other end, and where they came in.
package struct ClientConnection: Sendable {
    package let address: SocketAddress
    package let listener: SocketAddress
    package let isTLS: Bool

    package init(address: SocketAddress, listener: SocketAddress, isTLS: Bool) {
        self.address = address
        self.listener = listener
        self.isTLS = isTLS
    }
}
