/// The limits on what one client may send; checked as soon as a header tells the length.
public struct MessageLimits: Equatable, Sendable {
    public let frameBytesMax: Int
    public let messageBytesMax: Int
    /// Bounds the work per message byte: a million empty continuations would cost headers and no memory. 65,536, or one
    /// for every 32 bytes of the largest message.
    public let fragmentsMax: Int

    public init(frameBytesMax: Int, messageBytesMax: Int, fragmentsMax: Int? = nil) {
        self.frameBytesMax = frameBytesMax
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax ?? max(65_536, messageBytesMax / 32)
    }
}
