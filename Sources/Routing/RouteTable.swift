/// Finds the route of a request: by host, then by path, the most specific first.
///
/// Routes for the very host are asked before those for a wildcard, and these before those for any host; a host whose
/// routes do not take the path does not keep the more general ones from taking it. Within each of the three
/// `PathPattern.precedes` decides. Asked once a request, so a list is searched and no tree is built.
package struct RouteTable: Sendable {
    private struct Entry: Sendable {
        let path: PathPattern
        let route: Int
    }

    /// A route that can never be reached, because another one takes exactly the same requests.
    package struct Conflict: Equatable, Sendable {
        package let route: Int
        package let earlier: Int
        package let host: HostPattern
    }

    package let conflicts: [Conflict]
    private var entries: [HostPattern: [Entry]] = [:]

    /// The position of a route here is what `match` gives.
    package init(_ routes: [(hosts: [HostPattern], path: PathPattern)]) {
        var conflicts: [Conflict] = []
        for (index, route) in routes.enumerated() {
            for host in route.hosts.isEmpty ? [.any] : route.hosts {
                let others = self.entries[host, default: []]
                if let other = others.first(where: { $0.path.takesTheSame(as: route.path) }) {
                    conflicts.append(Conflict(route: index, earlier: other.route, host: host))
                } else {
                    self.entries[host, default: []].append(Entry(path: route.path, route: index))
                }
            }
        }
        self.conflicts = conflicts
        for host in self.entries.keys { self.entries[host]?.sort { $0.path.precedes($1.path) } }
    }

    /// The route that takes a request, and how it splits the path. `host` is in lower case, nil when the client named
    /// none.
    package func match(host: String?, path: RequestPath) -> (route: Int, path: RoutedPath)? {
        // Most tables know no hosts: one look-up then.
        let knowsHosts = self.entries.count > 1 || self.entries[.any] == nil
        for pattern in knowsHosts ? Self.patterns(for: host) : [.any] {
            for entry in self.entries[pattern] ?? [] {
                if let routed = entry.path.match(path) { return (entry.route, routed) }
            }
        }
        return nil
    }

    /// Whether some route is for this very host, or for a wildcard that covers it.
    package func names(_ host: String) -> Bool {
        Self.patterns(for: host).contains { $0 != .any && self.entries[$0] != nil }
    }

    /// The patterns that cover a host, the most specific first.
    private static func patterns(for host: String?) -> [HostPattern] {
        guard var host else { return [.any] }
        // The root of all names may be written: app.example. is app.example.
        if host.hasSuffix(".") { host.removeLast() }
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return [.exact(host), .any] }
        return [.exact(host), .below(String(host[host.index(after: dot)...])), .any]
    }
}
