internal import WebSocket

/// A session as the worker sees it when its route has been removed.
package protocol RoutedSession: AnyObject {
    /// Ends with 1012 if it is a session of the route with these settings: a client that comes back may find another.
    func routeRemoved(_ settings: SessionSettings)
}

extension WebSocketSession: RoutedSession {
    func routeRemoved(_ settings: SessionSettings) {
        guard self.settings === settings else { return }
        self.close(.serviceRestart, "the route was removed")
    }
}
