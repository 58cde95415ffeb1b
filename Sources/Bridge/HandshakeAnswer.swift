internal import HTTPSemantics
internal import WebSocket

/// What the answer to an opening handshake will say once there is something behind the session. Its head is made then:
/// many may wait, and a head is three objects.
struct HandshakeAnswer {
    let acceptValue: FieldValue
    let subprotocol: String?

    func makeHead() -> ResponseHead {
        OpeningHandshake.response(acceptValue: self.acceptValue, subprotocol: self.subprotocol)
    }
}
