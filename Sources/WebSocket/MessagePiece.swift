/// A run of payload bytes of one message that lies in the window, still masked.
///
/// A message that came whole is the piece with `begins` and `ends`; any other is collected piece by piece.
public struct MessagePiece: Equatable, Sendable {
    public let type: MessageType
    public let begins: Bool
    public let ends: Bool
    public let offset: Int
    public let count: Int
    /// Payload bytes of this frame that are still to come after this piece.
    public let frameRest: Int

    @inlinable
    init(type: MessageType, begins: Bool, ends: Bool, offset: Int, count: Int, frameRest: Int) {
        self.type = type
        self.begins = begins
        self.ends = ends
        self.offset = offset
        self.count = count
        self.frameRest = frameRest
    }
}
