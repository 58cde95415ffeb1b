package import HTTPSemantics

/// A server's answer as the client gets it.
package enum ForwardedAnswer {
    /// Of an answer whose framing is made anew. `keepsLength`: Content-Length says how long the body is, or would be.
    package static func head(
        _ head: ResponseHead, keepsLength: Bool, by rules: ForwardingRules
    ) -> ResponseHead {
        var fields = head.fields
        // RFC 9110 section 15.5.22: 426 comes with the protocols that would do.
        let wantsWebSocket = head.status == .upgradeRequired && fields.lists("websocket", in: "Upgrade")
        fields.removeConnectionFields()
        if !keepsLength { fields.removeAll("Content-Length") }
        if wantsWebSocket {
            fields.append("Upgrade", Self.webSocket)
            fields.append("Connection", Self.upgrade)
        }
        fields.apply(rules.responseEdits)
        return ResponseHead(status: head.status, fields: fields)
    }

    /// Of a 101 that was verified: extra fields go along, the handshake's own are written as browsers want them.
    package static func switching(_ head: ResponseHead, by rules: ForwardingRules) -> ResponseHead {
        var fields = head.fields
        fields.removeConnectionFields()
        fields.removeAll("Content-Length")
        fields.apply(rules.responseEdits)
        fields.set("Upgrade", Self.webSocket)
        fields.set("Connection", Self.upgrade)
        return ResponseHead(status: .switchingProtocols, fields: fields)
    }

    /// Why a 101 opens no tunnel; nil: it is in order (RFC 6455 section 4.1).
    package static func obstacle(toSwitching head: ResponseHead, acceptValue: FieldValue) -> String? {
        var protocols = 0
        head.fields.forEachElement(ofList: "Upgrade") { _ in protocols += 1 }
        guard protocols == 1, head.fields.lists("websocket", in: "Upgrade") else {
            return "its Upgrade is not exactly websocket"
        }
        guard head.fields.lists("upgrade", in: "Connection") else { return "its Connection does not list upgrade" }
        guard let accept = head.fields.onlyIndex(of: "Sec-WebSocket-Accept"),
            head.fields.value(at: accept).isSame(as: acceptValue.bytes.span)
        else {
            return "its Sec-WebSocket-Accept does not belong to the client's key"
        }
        return nil
    }

    private static let webSocket: FieldValue = "websocket"
    private static let upgrade: FieldValue = "Upgrade"
}
