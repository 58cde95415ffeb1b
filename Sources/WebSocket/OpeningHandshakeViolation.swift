package import HTTPSemantics

/// The rule of the opening handshake that a request broke.
package enum OpeningHandshakeViolation: Error, Hashable, Sendable {
    case bodyPresent
    case methodNotGET
    case versionBeforeHTTP11
    case upgradeMissing
    case upgradeNotWebSocket
    case connectionWithoutUpgrade
    case unsupportedVersion
    case keyMissing
    case keyDuplicate
    case keyMalformed
    case subprotocolMalformed
    case subprotocolDuplicate
    case subprotocolRequired
}

extension OpeningHandshakeViolation {
    package var status: Status {
        switch self {
        case .unsupportedVersion:
            .upgradeRequired
        case .bodyPresent, .methodNotGET, .versionBeforeHTTP11, .upgradeMissing, .upgradeNotWebSocket,
            .connectionWithoutUpgrade, .keyMissing, .keyDuplicate, .keyMalformed, .subprotocolMalformed,
            .subprotocolDuplicate, .subprotocolRequired:
            .badRequest
        }
    }

    /// One line for the body of the answer and for the log. Contains nothing that the client sent.
    package var reason: String {
        switch self {
        case .bodyPresent: "a WebSocket handshake has no body"
        case .methodNotGET: "a WebSocket handshake is a GET"
        case .versionBeforeHTTP11: "a WebSocket handshake needs HTTP/1.1"
        case .upgradeMissing: "the Upgrade field is missing: does a proxy in front of this server drop it?"
        case .upgradeNotWebSocket: "the Upgrade field is not exactly websocket"
        case .connectionWithoutUpgrade:
            "the Connection field does not list upgrade: does a proxy in front of this server drop it?"
        case .unsupportedVersion: "only version 13 of the WebSocket protocol is spoken here"
        case .keyMissing: "the Sec-WebSocket-Key field is missing"
        case .keyDuplicate: "more than one Sec-WebSocket-Key field"
        case .keyMalformed: "the Sec-WebSocket-Key is not 16 bytes in base64"
        case .subprotocolMalformed: "the Sec-WebSocket-Protocol field is not a list of names"
        case .subprotocolDuplicate: "the Sec-WebSocket-Protocol field names a subprotocol twice"
        case .subprotocolRequired:
            "none of the offered subprotocols is spoken on this route, and it requires one"
        }
    }

    /// Fields that the answer needs besides the usual ones.
    package var responseFields: HeaderFields {
        // RFC 9110 section 15.5.22: 426 comes with the protocols that would do.
        self == .unsupportedVersion
            ? ["Sec-WebSocket-Version": "13", "Upgrade": "websocket", "Connection": "Upgrade"] : [:]
    }

    /// True exactly when nothing more may be read from the connection: what looks like a body may be a
    /// request that was meant to get past somebody in front of us.
    package var closesConnection: Bool {
        self == .bodyPresent
    }
}
