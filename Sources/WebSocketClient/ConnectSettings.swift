package import Configuration

/// What `wsbridge connect` was asked for, in the words of this module.
package struct ConnectSettings: Sendable {
    package var url: WebSocketURL
    package var wishes = ClientHandshake.Wishes()
    package var trust = Trust.system
    /// Lines become binary messages, and binary messages are written as they are.
    package var isBinary = false
    /// What our Close says.
    package var closing: (code: UInt16, reason: String) = (1000, "")
    package var messageBytesMax: Int
    /// Nanoseconds until the WebSocket is open.
    package var connectTimeout: UInt64
    /// Nanoseconds of silence after the end of the input before the Close.
    package var linger: UInt64
    /// Nanoseconds that the server has to answer our Close, or to end the connection behind its own.
    package var closeTimeout: UInt64 = 5_000_000_000

    package init(url: WebSocketURL, messageBytesMax: Int, connectTimeout: UInt64, linger: UInt64) {
        self.url = url
        self.messageBytesMax = messageBytesMax
        self.connectTimeout = connectTimeout
        self.linger = linger
    }
}
