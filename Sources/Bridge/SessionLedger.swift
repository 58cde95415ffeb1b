package import HTTPSemantics
package import SystemCalls

/// Counts sessions against the limits of a route; shared by all workers.
package protocol SessionLedger: AnyObject {
    /// Takes a place, to be given back by `release`, or says which limit is reached.
    func admit(_ client: SocketAddress, now: UInt64) -> Admission
    func release(_ client: SocketAddress)
}

package enum Admission: Equatable, Sendable {
    case admitted
    /// The route is full: 503.
    case full
    /// This client has what one client may have: 429.
    case clientIsFull
    /// This client begins sessions faster than one client may: 429.
    case clientIsTooFast
}

extension Admission {
    /// What a client is told that gets no place.
    package var refusal: (status: Status, reason: String)? {
        switch self {
        case .admitted: nil
        case .full: (.serviceUnavailable, "all sessions of this route are taken")
        case .clientIsFull: (.tooManyRequests, "too many sessions from your address")
        case .clientIsTooFast: (.tooManyRequests, "too many new sessions from your address")
        }
    }
}
