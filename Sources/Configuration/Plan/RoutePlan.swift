/// Which requests it is for, what happens to them, and who may make them.
package struct RoutePlan: Sendable, Equatable {
    /// Unique; the same in two plans when it is the same route, whatever else changed.
    package var name: String
    package var match: RouteMatch
    package var handler: HandlerPlan
    /// Who answers plain requests; nil: they are told that this is for WebSockets.
    package var files: FilesPlan? = nil
    package var origin: OriginPlan
    package var subprotocols: [String]
    package var subprotocolRequired: Bool
    package var limits: SessionLimits
}

/// Who answers a session.
package enum HandlerPlan: Sendable, Equatable {
    case echo
    case command(CommandPlan)
    case upstream(UpstreamPlan)
    /// Nobody: the route has files alone.
    case filesOnly
}

/// Which origins a browser may connect from; a request without Origin does not come from one and is not
/// judged.
package enum OriginPlan: Sendable, Equatable {
    case same
    case any
    /// Exact origins in lower case, scheme and port optional.
    case listed([String], andSame: Bool)
}

extension OriginPlan: CustomStringConvertible {
    package var description: String {
        switch self {
        case .same: "same"
        case .any: "any"
        case .listed(let origins, let andSame):
            (andSame ? ["same"] + origins : origins).joined(separator: ", ")
        }
    }
}
