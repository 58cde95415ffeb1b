package import Configuration
internal import HTTPSemantics
internal import WebSocket

/// The client's side of the opening handshake (RFC 6455 section 4.1), without I/O: the request, and a judgement of the
/// answer.
package struct ClientHandshake: Sendable {
    /// More than any server of good sense answers with.
    private static let answerBytesMax = 16 << 10
    /// Of the text that explains a refusal.
    private static let explanationBytesMax = 200

    /// What the caller asks for besides the URL.
    package struct Wishes: Equatable, Sendable {
        package var subprotocols: [String] = []
        package var origin: String?
        package var fields: [RequestField] = []

        package init() {}
    }

    package enum Answer: Equatable, Sendable {
        /// `rest` bytes of the answer are frames already.
        case accepted(subprotocol: String?, rest: Int)
    }

    private let wishes: Wishes
    private let expectedProof: FieldValue
    package let request: [UInt8]

    /// - Parameter key: 16 bytes that nobody can guess.
    package init(_ url: WebSocketURL, _ wishes: Wishes, key: [UInt8]) {
        let key = Base64.encode(key.span)
        self.wishes = wishes
        self.expectedProof = OpeningHandshake.acceptValue(forKey: key.span)
        var lines = ["GET \(url.target) HTTP/1.1"]
        if !wishes.fields.contains(where: { $0.name.lowercased() == "host" }) { lines.append("Host: \(url.authority)") }
        lines += ["Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: \(FieldValue(bytes: key))", "Sec-WebSocket-Version: 13"]
        if let origin = wishes.origin { lines.append("Origin: \(origin)") }
        if !wishes.subprotocols.isEmpty {
            lines.append("Sec-WebSocket-Protocol: \(wishes.subprotocols.joined(separator: ", "))")
        }
        lines += wishes.fields.map { "\($0.name): \($0.value)" }
        self.request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Judges what has come so far; nil: the answer's head is not complete.
    package func judge(_ answer: [UInt8]) throws(HandshakeFailure) -> Answer? {
        let end = answer.span.endOfHead
        guard let end, end <= Self.answerBytesMax else {
            if answer.count > Self.answerBytesMax { throw .notHTTP }
            return nil
        }
        let lines = String(decoding: answer[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { throw .notHTTP }
        guard status == 101 else {
            let text = String(decoding: answer[end...].prefix(Self.explanationBytesMax), as: UTF8.self)
            let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            throw .refused(status: status, reason: words.dropFirst(2).joined(separator: " "), explanation: line)
        }
        return .accepted(subprotocol: try self.check(Self.fields(lines.dropFirst())), rest: answer.count - end)
    }

    private static func fields(_ lines: ArraySlice<Substring>) -> HeaderFields {
        var fields = HeaderFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let value = parts[1].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { $0 != " " && $0 != "\t" }
            fields.append(String(parts[0]), FieldValue(String(end.map { value[...$0] } ?? "")))
        }
        return fields
    }

    /// The subprotocol that was agreed to.
    private func check(_ fields: HeaderFields) throws(HandshakeFailure) -> String? {
        guard fields.only("Upgrade")?.equalsIgnoringCase("websocket") == true,
            fields.lists("upgrade", in: "Connection")
        else { throw .noUpgrade }
        guard fields.only("Sec-WebSocket-Accept") == self.expectedProof else { throw .wrongProof }
        if let extensions = fields.first("Sec-WebSocket-Extensions"), !extensions.bytes.isEmpty {
            throw .unaskedExtension(extensions.string)
        }
        guard fields.contains("Sec-WebSocket-Protocol") else { return nil }
        let chosen = fields.only("Sec-WebSocket-Protocol")?.string ?? ""
        guard self.wishes.subprotocols.contains(chosen) else { throw .unaskedSubprotocol(chosen) }
        return chosen
    }
}

extension Span<UInt8> {
    /// Where the first byte behind the empty line lies.
    fileprivate var endOfHead: Int? {
        guard self.count >= 4 else { return nil }
        for index in 3..<self.count where self[index] == 10 && self[index - 1] == 13 {
            if self[index - 2] == 10 && self[index - 3] == 13 { return index + 1 }
        }
        return nil
    }
}
