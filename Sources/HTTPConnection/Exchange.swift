package import HTTPSemantics
package import IOCore

/// One request and its answer.
package final class Exchange {
    package let head: RequestHead
    package let client: ClientConnection
    /// Called when the client is gone before the answer; the answer is then ignored.
    package var cancelled: (() -> Void)?
    private var connection: HTTPConnection?

    init(_ head: RequestHead, client: ClientConnection, connection: HTTPConnection) {
        self.head = head
        self.client = client
        self.connection = connection
    }

    /// Answers with a body; its length, and what the connection does next, are added to the fields.
    package func respond(_ head: ResponseHead, body: [UInt8] = [], closes: Bool = false) {
        self.takeConnection()?.respond(head, body: body, to: self.head, closes: closes)
    }

    /// Answers with a body that comes in parts: the head goes out now. Nil when the client is gone.
    ///
    /// The connection stays for the next request where the length allows it, and `closes` does not forbid it.
    /// `first` is asked, for a body of exact length, for what goes out together with the head.
    package func begin(
        _ head: ResponseHead, _ length: AnswerLength, source: any AnswerSource, closes: Bool = false,
        first: BodyStart? = nil
    ) -> AnswerBody? {
        self.takeConnection()?.begin(head, length, to: self.head, closes: closes, source: source, first: first)
    }

    /// The same with a head that was written before: status line and field lines, each with its end, but without
    /// Content-Length, Connection, and the empty line. It must allow a body of `count` bytes.
    package func begin(
        prepared head: [UInt8], count: Int, source: any AnswerSource, first: BodyStart? = nil
    ) -> AnswerBody? {
        self.takeConnection()?.begin(prepared: head, count: count, to: self.head, source: source, first: first)
    }

    /// Answers with a line of text.
    package func refuse(_ status: Status, _ reason: String, fields: HeaderFields = [:], closes: Bool = false) {
        let (head, body) = ResponseHead.plainText(status, reason, fields: fields)
        self.respond(head, body: body, closes: closes)
    }

    /// Answers 101 and gives the stream away: what the client sent after the head is the first the new delegate
    /// gets. nil when the client is gone.
    package func upgrade(_ head: ResponseHead, to delegate: (any ByteStream) -> any ByteStreamDelegate) {
        self.takeConnection()?.upgrade(head, to: delegate)
    }

    func cancel() {
        self.connection = nil
        let cancelled = self.cancelled
        self.cancelled = nil
        cancelled?()
    }

    private func takeConnection() -> HTTPConnection? {
        let connection = self.connection
        self.connection = nil
        self.cancelled = nil
        return connection
    }
}

extension ResponseHead {
    /// A short answer for people and logs.
    static func plainText(
        _ status: Status, _ reason: String, fields: HeaderFields = [:]
    ) -> (head: ResponseHead, body: [UInt8]) {
        var fields = fields
        fields.set("Content-Type", "text/plain; charset=utf-8")
        return (ResponseHead(status: status, fields: fields), Array("\(reason)\n".utf8))
    }
}
