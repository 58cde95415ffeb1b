package import SystemCalls

/// Hears how the connection of one socket went, once.
package protocol SocketOpeningClient: AnyObject {
    /// The stream gets its delegate in this call.
    func socketOpened(_ stream: any ByteStream)
    /// What the kernel said.
    func socketFailed(_ error: Errno)
}

/// A socket that is being connected.
package protocol SocketOpening: AnyObject {
    /// Closes it; nobody is told anything any more. After the client was told it does nothing.
    func cancel()
}
