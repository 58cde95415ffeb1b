internal import HTTP1
package import HTTPSemantics
package import IOCore

/// One request and its answer.
package final class Exchange {
    /// How far an answer in pieces has come.
    enum Answer {
        case none
        case begun(BodyFraming, keepsAlive: Bool)
    }

    package let head: RequestHead
    package let client: ClientConnection
    /// Who counts its answer; nil: nobody.
    package var count: AnswerCount?
    /// Called when the client is gone before the answer; the answer is then ignored.
    package var cancelled: (() -> Void)?
    var connection: HTTPConnection?
    /// Nil: the answer comes as a whole, and the body is not read.
    private(set) var handler: (any ExchangeHandler)?
    var body: BodyReader
    /// Whether the handler wants content now.
    var isBodyFlowing = false
    var answer = Answer.none
    /// The head of the answer while it waits for the first content, to leave with it in one send.
    var heldHead: [UInt8] = []
    /// Bytes of the answer that were handed to the stream, and how many of them had arrived at the last look.
    var handedCount = 0
    var deliveredCount = 0

    init(_ head: RequestHead, client: ClientConnection, connection: HTTPConnection) {
        self.head = head
        self.client = client
        self.connection = connection
        self.body = BodyReader(BodyFraming(head.body))
    }

    /// Answers with a body; its length, and what the connection does next, are added to the fields.
    package func respond(_ head: ResponseHead, body: [UInt8] = [], closes: Bool = false) {
        guard let connection = self.takeConnection() else { return }
        self.count?.count(head.status)
        connection.respond(head, body: body, to: self, closes: closes)
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
        let handler = self.handler
        let cancelled = self.cancelled
        _ = self.takeConnection()
        cancelled?()
        handler?.clientLeft()
    }

    /// From here on nothing is told any more.
    func takeConnection() -> HTTPConnection? {
        let connection = self.connection
        self.connection = nil
        self.cancelled = nil
        self.handler = nil
        return connection
    }

    /// Lets `handler` read the body and answer piece by piece. It must not have been answered.
    package func handle(by handler: any ExchangeHandler) { self.handler = handler }
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
