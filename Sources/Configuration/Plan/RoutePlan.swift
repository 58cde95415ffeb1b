/// What happens to a request for one path, and who may make it.
package struct RoutePlan: Sendable {
    package var name: String
    package var handler: HandlerPlan
    package var origin: OriginPlan
    /// Names acceptable as Host on a loopback listener, besides those of this machine.
    package var hosts: [String]
    package var subprotocols: [String]
    package var subprotocolRequired: Bool
    package var limits: SessionLimits
}

/// Who answers a session.
package enum HandlerPlan: Sendable {
    case echo
    case command(CommandPlan)
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
