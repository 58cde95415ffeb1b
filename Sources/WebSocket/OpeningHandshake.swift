package import HTTPSemantics

/// The server's side of the opening handshake, RFC 6455 section 4.2.
package enum OpeningHandshake {
    package enum Decision: Hashable, Sendable {
        /// Plain HTTP: the request does not ask for a WebSocket.
        case notUpgrade
        case refused(OpeningHandshakeViolation)
        /// The client may be answered with 101 and this value of Sec-WebSocket-Accept.
        case accepted(acceptValue: String, offeredSubprotocols: [String])
    }

    /// What the request asks for, and whether it may have it.
    ///
    /// A request is an attempt to upgrade when it has an Upgrade field or any field that only WebSocket uses;
    /// from then on it succeeds or is refused. Everything else, whatever the method, is plain HTTP. An
    /// Upgrade to something other than `websocket` is refused rather than ignored, so that no proxy in front
    /// can take our answer for the start of a tunnel. Extensions are not offered, so an offer of them is not
    /// read.
    package static func decide(_ head: RequestHead) -> Decision {
        guard Self.isAttempt(head.fields) else { return .notUpgrade }
        do throws(OpeningHandshakeViolation) {
            try Self.checkRequest(head)
            let key = try Self.key(head.fields)
            let offered = try Self.offeredSubprotocols(head.fields)
            return .accepted(acceptValue: Self.acceptValue(forKey: key), offeredSubprotocols: offered)
        } catch {
            return .refused(error)
        }
    }

    /// The answer that turns the connection into a WebSocket.
    package static func response(acceptValue: String, subprotocol: String?) -> ResponseHead {
        var fields: HeaderFields = [
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": FieldValue(acceptValue),
        ]
        if let subprotocol { fields.append("Sec-WebSocket-Protocol", FieldValue(subprotocol)) }
        return ResponseHead(status: .switchingProtocols, fields: fields)
    }

    /// What a server that has read `key` answers; an upstream's answer is compared with it.
    package static func acceptValue(forKey key: [UInt8]) -> String {
        // The GUID of RFC 6455 section 1.3: a constant that no other protocol would append.
        var proof: [UInt8] = []
        proof.reserveCapacity(64)
        proof.append(contentsOf: key)
        proof.append(contentsOf: "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        return Base64.encode(SHA1.digest(of: proof.span).span)
    }

    private static func isAttempt(_ fields: HeaderFields) -> Bool {
        for index in fields.indices {
            let name = fields.name(at: index)
            if name.count == 7 ? name.equalsIgnoringCase("Upgrade") : name.startsIgnoringCase(with: "Sec-WebSocket-") {
                return true
            }
        }
        return false
    }

    /// The order tells the client what to repair first. The version comes before the key because only the
    /// version says what the key has to look like.
    private static func checkRequest(_ head: RequestHead) throws(OpeningHandshakeViolation) {
        let fields = head.fields
        guard head.body == .none else { throw .bodyPresent }
        guard head.method == "GET" else { throw .methodNotGET }
        guard head.minorVersion >= 1 else { throw .versionBeforeHTTP11 }
        guard fields.contains("Upgrade") else { throw .upgradeMissing }
        var upgrades = 0
        fields.forEachElement(ofList: "Upgrade") { _ in upgrades += 1 }
        guard upgrades == 1, fields.lists("websocket", in: "Upgrade") else { throw .upgradeNotWebSocket }
        guard fields.lists("upgrade", in: "Connection") else { throw .connectionWithoutUpgrade }
        guard let version = fields.onlyIndex(of: "Sec-WebSocket-Version"),
            fields.value(at: version).equalsIgnoringCase("13")
        else { throw .unsupportedVersion }
    }

    private static func key(_ fields: HeaderFields) throws(OpeningHandshakeViolation) -> [UInt8] {
        guard fields.contains("Sec-WebSocket-Key") else { throw .keyMissing }
        guard let key = fields.only("Sec-WebSocket-Key")?.bytes else { throw .keyDuplicate }
        guard key.count == 24, Base64.decodedCount(key.span) == 16 else { throw .keyMalformed }
        return key
    }

    private static func offeredSubprotocols(
        _ fields: HeaderFields
    ) throws(OpeningHandshakeViolation) -> [String] {
        guard let offered = fields.tokens(of: "Sec-WebSocket-Protocol") else { throw .subprotocolMalformed }
        guard offered.count < 2 || Set(offered).count == offered.count else { throw .subprotocolDuplicate }
        return offered
    }
}
