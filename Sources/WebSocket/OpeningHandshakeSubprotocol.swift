/// The subprotocols of a route, in the order of its preference.
package struct SubprotocolRule: Hashable, Sendable {
    package let names: [String]
    /// True exactly when a client that shares none of the names is turned away.
    package let isRequired: Bool

    package init(names: [String] = [], isRequired: Bool = false) {
        self.names = names
        self.isRequired = isRequired
    }

    /// What to answer a client that offers `offered`. Names are compared with their case, as RFC 6455 has it.
    package func answer(to offered: [String]) -> SubprotocolAnswer {
        if let name = self.names.first(where: offered.contains) { return .answer(name) }
        if self.isRequired { return .refused(.subprotocolRequired) }
        return offered.isEmpty ? .none : .noneButOffered
    }
}

/// What becomes of the offered subprotocols.
package enum SubprotocolAnswer: Hashable, Sendable {
    /// This name goes into Sec-WebSocket-Protocol.
    case answer(String)
    /// Nothing was offered, nothing is answered.
    case none
    /// Nothing is answered though something was offered: a browser will drop the connection, so the log
    /// should say which option would have answered.
    case noneButOffered
    case refused(OpeningHandshakeViolation)
}
