package import HTTPSemantics

/// The server's side of the opening handshake, RFC 6455 section 4.2.
package enum OpeningHandshake {
    package enum Decision: Hashable, Sendable {
        /// Plain HTTP: the request does not ask for a WebSocket.
        case notUpgrade
        case refused(OpeningHandshakeViolation)
        /// The client may be answered with 101 and this value of Sec-WebSocket-Accept.
        case accepted(acceptValue: FieldValue, offeredSubprotocols: [String])
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
            let key = try Self.keyIndex(head.fields)
            let offered = try Self.offeredSubprotocols(head.fields)
            let acceptValue = Self.acceptValue(forKey: head.fields.value(at: key))
            return .accepted(acceptValue: acceptValue, offeredSubprotocols: offered)
        } catch {
            return .refused(error)
        }
    }

    /// The answer that turns the connection into a WebSocket.
    package static func response(acceptValue: FieldValue, subprotocol: String?) -> ResponseHead {
        var fields: HeaderFields = [
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": acceptValue,
        ]
        if let subprotocol { fields.append("Sec-WebSocket-Protocol", FieldValue(subprotocol)) }
        return ResponseHead(status: .switchingProtocols, fields: fields)
    }

    /// What a server that has read `key`, of 24 characters, answers; an upstream's answer is compared with it.
    package static func acceptValue(forKey key: Span<UInt8>) -> FieldValue {
        precondition(key.count == Self.keyBytes)
        var proof = Self.proof
        for index in 0..<Self.keyBytes { proof[index] = key[index] }
        return FieldValue(bytes: Base64.encode(SHA1.digest(of: proof.span).span))
    }

    /// 16 bytes in base64.
    private static let keyBytes = 24

    /// Room for a key, and the GUID of RFC 6455 section 1.3: a constant that no other protocol would append.
    private static let proof: InlineArray<60, UInt8> = {
        let guid = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        return InlineArray { $0 < Self.keyBytes ? 0 : guid[$0 - Self.keyBytes] }
    }()

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
        var (upgrades, isWebSocket) = (0, false)
        fields.forEachElement(ofList: "Upgrade") { element in
            upgrades += 1
            isWebSocket = element.equalsIgnoringCase("websocket")
        }
        guard upgrades == 1, isWebSocket else {
            throw fields.contains("Upgrade") ? .upgradeNotWebSocket : .upgradeMissing
        }
        guard fields.lists("upgrade", in: "Connection") else { throw .connectionWithoutUpgrade }
        guard let version = fields.onlyIndex(of: "Sec-WebSocket-Version"),
            fields.value(at: version).equalsIgnoringCase("13")
        else { throw .unsupportedVersion }
    }

    private static func keyIndex(_ fields: HeaderFields) throws(OpeningHandshakeViolation) -> Int {
        guard let index = fields.onlyIndex(of: "Sec-WebSocket-Key") else {
            throw fields.contains("Sec-WebSocket-Key") ? .keyDuplicate : .keyMissing
        }
        let key = fields.value(at: index)
        guard key.count == Self.keyBytes, Base64.decodedCount(key) == 16 else { throw .keyMalformed }
        return index
    }

    private static func offeredSubprotocols(
        _ fields: HeaderFields
    ) throws(OpeningHandshakeViolation) -> [String] {
        guard let offered = fields.tokens(of: "Sec-WebSocket-Protocol") else { throw .subprotocolMalformed }
        guard offered.count < 2 || Set(offered).count == offered.count else { throw .subprotocolDuplicate }
        return offered
    }
}
