internal import Upstreams

/// What servers are asked by checks, where a connection says too little.
package struct HTTPCheckPlan: Sendable, Equatable {
    package var target: String
    /// Nil: the server's own name.
    package var host: String?
    package var statuses = HTTPCheck.statusesStandard

    package init(target: String) { self.target = target }

    /// 5 s, as nginx and HAProxy users have it: one that hangs is noticed in a quarter of a minute.
    static let intervalStandard = TimeSpan.seconds(5)
    static let statusesStandard = Self.text(of: HTTPCheck.statusesStandard)

    private static func text(of statuses: [ClosedRange<UInt16>]) -> String {
        statuses.map { StatusRange($0).description }.joined(separator: ", ")
    }
}

extension HTTPCheckPlan {
    /// What `wsbridge check` prints, by the names of options.
    var lines: [String] {
        [
            aligned("check-path", self.target), aligned("check-status", Self.text(of: self.statuses)),
            aligned("check-host", self.host ?? "the server's"),
        ]
    }
}
