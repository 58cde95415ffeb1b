package import HTTPConnection
internal import HTTPSemantics

/// Answers requests that do not ask for a WebSocket.
package final class Site {
    private let servesConsole: Bool

    package init(servesConsole: Bool) { self.servesConsole = servesConsole }

    package func answer(_ exchange: Exchange) {
        let isReading = exchange.head.method == "GET" || exchange.head.method == "HEAD"
        if isReading && self.servesConsole {
            exchange.respond(ResponseHead(status: .ok, fields: Self.consoleFields), body: Array(ConsolePage.html.utf8))
        } else {
            exchange.respond(ResponseHead(status: .upgradeRequired, fields: Self.noticeFields), body: Self.notice)
        }
    }

    private static var consoleFields: HeaderFields {
        [
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": FieldValue(ConsolePage.contentSecurityPolicy),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        ]
    }

    /// RFC 9110 15.5.22: the answer names the protocol that is spoken here.
    private static var noticeFields: HeaderFields {
        [
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Content-Type": "text/html; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
        ]
    }

    private static let notice = Array(
        """
        <!doctype html>
        <html lang="en"><title>WebSocket only</title>
        <p>This address speaks WebSocket. Connect with a WebSocket client, for example
        <code>new WebSocket(location.href.replace(/^http/, "ws"))</code> in a browser's script.</p>
        </html>

        """.utf8)
}
