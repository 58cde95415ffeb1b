/// The limits on what one client may send; checked as soon as a header tells the length.
public struct MessageLimits: Equatable, Sendable {
    public let frameBytesMax: Int
    public let messageBytesMax: Int
    /// Bounds the work per message byte: a million empty continuations would cost headers and no memory.
    public let fragmentsMax: Int

    public init(frameBytesMax: Int, messageBytesMax: Int, fragmentsMax: Int = 65_536) {
        self.frameBytesMax = frameBytesMax
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax
    }
}
