package import HTTPSemantics
package import IOCore
package import Telemetry

/// How a failure is answered, counted and logged.
extension ConnectFailure {
    package var status: Status {
        switch self {
        case .unreachable: .badGateway
        case .timedOut: .gatewayTimeout
        case .unavailable: .serviceUnavailable
        case .unknownToken: .notFound
        }
    }

    package var kind: UpstreamFailure {
        switch self {
        case .unreachable: .unreachable
        case .timedOut: .timedOut
        case .unavailable: .unavailable
        case .unknownToken: .unknownToken
        }
    }

    /// For the client, who need not know where the servers are.
    package var answer: String {
        switch self {
        case .unreachable: "the server behind this address cannot be reached"
        case .timedOut: "the server behind this address does not answer in time"
        case .unavailable: "no server behind this address is available"
        case .unknownToken: "nothing is served for this token"
        }
    }

    package var fields: HeaderFields {
        switch self {
        case .unavailable: BridgeRoute.retryLater
        case .unreachable, .timedOut, .unknownToken: [:]
        }
    }

    /// A wrong token is a client's mistake and may be tried a thousand times.
    package var level: LogLevel {
        switch self {
        case .unreachable, .timedOut, .unavailable: .error
        case .unknownToken: .info
        }
    }
}
