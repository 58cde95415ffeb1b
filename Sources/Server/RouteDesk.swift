internal import Bridge
internal import HTTPConnection
internal import HTTPSemantics
internal import Proxy
internal import WebSocket

/// What answers the requests of a route on one worker.
enum RouteDesk {
    case bridge(BridgeRoute)
    case proxy(ProxyRoute)

    /// Nobody is let in any more.
    func drain() {
        switch self {
        case .bridge(let route): route.drain()
        case .proxy(let route): route.drain()
        }
    }
}

extension OpeningHandshake.Decision {
    /// The same for a server that speaks HTTP itself: an Upgrade to anything but WebSocket is not passed on, so without
    /// it the request is one like any other. Java's client asks every server for h2c in this way, bodies included.
    func ignoringOtherUpgrades(_ head: RequestHead) -> Self {
        switch self {
        case .notUpgrade, .accepted: self
        case .refused: head.fields.lists("websocket", in: "Upgrade") ? self : .notUpgrade
        }
    }
}
