/// The two kinds of message a WebSocket carries; the raw value is its opcode, which `typed` framing uses too.
package enum MessageKind: UInt8, CaseIterable, Sendable {
    case text = 1
    case binary = 2

    /// The name used by `--message-type`.
    package var name: String {
        switch self {
        case .text: "text"
        case .binary: "binary"
        }
    }
}
