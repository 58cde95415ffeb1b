/// Which server a token stands for. Clients name tokens and never servers.
package struct TokenMap: Equatable, Sendable {
    package private(set) var servers: [String: UpstreamAddress] = [:]

    package init() {}

    package var count: Int { self.servers.count }

    package subscript(token: String) -> UpstreamAddress? { self.servers[token] }

    /// False: the token is taken.
    package mutating func add(_ token: String, _ server: UpstreamAddress) -> Bool {
        guard self.servers[token] == nil else { return false }
        self.servers[token] = server
        return true
    }
}

/// What is wrong with a token map, and where.
package struct TokenMapDiagnostic: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1; 0: the file as a whole.
    package let line: Int
    /// Bytes from the line's begin, from 1.
    package let column: Int
    package let reason: String

    package init(file: String, line: Int = 0, column: Int = 0, reason: String) {
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// `tokens.cfg:3:9: no port; write host:port, or unix:/path`
    package var description: String {
        self.line == 0 ? "\(self.file): \(self.reason)" : "\(self.file):\(self.line):\(self.column): \(self.reason)"
    }
}
