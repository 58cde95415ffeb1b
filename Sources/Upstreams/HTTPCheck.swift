/// What a server is asked to find out whether it works, where a connection says too little.
package struct HTTPCheck: Equatable, Sendable {
    /// Path and query, as they stand in the request.
    package let target: String
    /// The Host of the request; nil: the server's own name, as configured.
    package let host: String?
    /// Who asks, so that an application can leave us out of its log.
    package let agent: String
    /// What a server answers that works.
    package let statuses: [ClosedRange<UInt16>]

    /// All texts are without blanks and control characters but for those within `agent`.
    package init(target: String, host: String?, agent: String, statuses: [ClosedRange<UInt16>]) {
        self.target = target
        self.host = host
        self.agent = agent
        self.statuses = statuses
    }

    /// Whatever does what was asked, or knows where that is done: a redirect to the page of a login is a sign of life.
    package static let statusesStandard: [ClosedRange<UInt16>] = [200...399]

    package func admits(_ status: UInt16) -> Bool { self.statuses.contains { $0.contains(status) } }

    /// The whole request. It is the only one of its connection.
    package func request(to server: UpstreamAddress) -> [UInt8] {
        let host =
            switch server {
            case .host: self.host ?? server.description
            case .unix: self.host ?? "localhost"
            }
        let lines = [
            "GET \(self.target) HTTP/1.1", "Host: \(host)", "User-Agent: \(self.agent)", "Accept: */*",
            "Connection: close", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
