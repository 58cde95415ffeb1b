internal import Configuration

/// Why a server's answer opens no WebSocket.
package enum HandshakeFailure: Error, Equatable, Sendable {
    case notHTTP
    case refused(status: Int, reason: String, explanation: String)
    case noUpgrade
    case wrongProof
    case unaskedExtension(String)
    case unaskedSubprotocol(String)
}

extension HandshakeFailure: CustomStringConvertible {
    package var description: String {
        let text =
            switch self {
            case .notHTTP: "what answers there speaks no HTTP"
            case .refused(let status, let reason, let explanation):
                "the server answers \(status)\(reason.isEmpty ? "" : " \(reason)")"
                    + (explanation.isEmpty ? "" : ": \(explanation)")
            case .noUpgrade: "the server answers 101, but without Upgrade: websocket and Connection: Upgrade"
            case .wrongProof: "the server's Sec-WebSocket-Accept does not fit: it did not read our request"
            case .unaskedExtension(let name): "the server uses an extension that nobody asked for: \(name)"
            case .unaskedSubprotocol(let name): "the server chose the subprotocol \(name), which was not offered"
            }
        return text.controlsEscaped
    }
}
