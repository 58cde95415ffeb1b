package import HTTPConnection
internal import HTTPSemantics
package import Telemetry

/// What the site for operators asks the server.
package protocol ServerInsight: AnyObject {
    /// False from the beginning of a drain.
    var isAccepting: Bool { get }
    /// Asks every worker. Calls back once, on the same thread and in time, whoever has not answered.
    func count(_ done: @escaping (ServerCount) -> Void)
}

/// Answers on the listener for operators and their machines: metrics, health, readiness.
///
///     /metrics   numbers, in the text format of Prometheus
///     /healthz   200 while every worker's loop turns; 503 names those that do not answer
///     /readyz    200 while new sessions are accepted; 503 from the beginning of a drain
package final class MetricsSite {
    private let insight: any ServerInsight

    package init(_ insight: any ServerInsight) { self.insight = insight }

    package func answer(_ exchange: Exchange) {
        guard let page = Page(rawValue: exchange.head.path) else {
            return exchange.refuse(.notFound, "there are \(Page.list) here", fields: Self.fields)
        }
        guard exchange.head.method == "GET" || exchange.head.method == "HEAD" else {
            var fields = Self.fields
            fields.set("Allow", "GET, HEAD")
            return exchange.refuse(.methodNotAllowed, "\(page.rawValue) is read with GET", fields: fields)
        }
        switch page {
        case .metrics: self.insight.count { Self.respond(exchange, metrics: $0) }
        case .health: self.insight.count { Self.respond(exchange, health: $0) }
        case .readiness: self.respondReadiness(exchange)
        }
    }

    private enum Page: String, CaseIterable {
        case metrics = "/metrics"
        case health = "/healthz"
        case readiness = "/readyz"

        static var list: String { Self.allCases.map(\.rawValue).joined(separator: ", ") }
    }

    private static func respond(_ exchange: Exchange, metrics count: ServerCount) {
        var fields = Self.fields
        fields.set("Content-Type", FieldValue(MetricFamily.contentType))
        exchange.respond(ResponseHead(status: .ok, fields: fields), body: count.metricsText)
    }

    private static func respond(_ exchange: Exchange, health count: ServerCount) {
        let silent = count.silentWorkers.map(\.description)
        guard silent.isEmpty else {
            let workers = silent.count == 1 ? "worker" : "workers"
            let reason = "\(workers) \(silent.joined(separator: ", ")) of \(count.workers.count): no answer in time"
            return exchange.refuse(.serviceUnavailable, reason, fields: Self.fields)
        }
        Self.confirm(exchange, "healthy")
    }

    private func respondReadiness(_ exchange: Exchange) {
        if self.insight.isAccepting {
            Self.confirm(exchange, "ready")
        } else {
            exchange.refuse(.serviceUnavailable, "draining: no new sessions", fields: Self.fields)
        }
    }

    private static func confirm(_ exchange: Exchange, _ line: String) {
        var fields = Self.fields
        fields.set("Content-Type", "text/plain; charset=utf-8")
        exchange.respond(ResponseHead(status: .ok, fields: fields), body: Array("\(line)\n".utf8))
    }

    /// An answer is true at its moment only, and no page has a use for it.
    private static var fields: HeaderFields {
        ["Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"]
    }
}
