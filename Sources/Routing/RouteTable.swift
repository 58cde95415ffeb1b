internal import HTTPSemantics

/// Finds the route of a request: by host, then by path, the most specific first.
///
/// Routes for the very host are asked before those for a wildcard, and these before those for any host; a host whose
/// routes do not take the path does not keep the more general ones from taking it. Within each of the three
/// `PathPattern.precedes` decides. Asked once a request, so a list is searched and no tree is built.
package struct RouteTable: Sendable {
    /// A route that can never be reached, because another one takes exactly the same requests.
    package struct Conflict: Equatable, Sendable {
        package let route: Int
        package let earlier: Int
        package let host: HostPattern
    }

    package let conflicts: [Conflict]
    private let exact: HostIndex
    private let below: HostIndex
    private let any: RouteList

    /// The position of a route here is what `match` gives.
    package init(_ routes: [(hosts: [HostPattern], path: PathPattern)]) {
        var entries: [HostPattern: [(path: PathPattern, route: Int)]] = [:]
        var conflicts: [Conflict] = []
        for (index, route) in routes.enumerated() {
            for host in route.hosts.isEmpty ? [.any] : route.hosts {
                let others = entries[host, default: []]
                if let other = others.first(where: { $0.path.takesTheSame(as: route.path) }) {
                    conflicts.append(Conflict(route: index, earlier: other.route, host: host))
                } else {
                    entries[host, default: []].append((path: route.path, route: index))
                }
            }
        }
        self.conflicts = conflicts
        var (exact, below): ([(String, RouteList)], [(String, RouteList)]) = ([], [])
        for (host, entries) in entries {
            switch host {
            case .any: break
            case .exact(let name): exact.append((name, RouteList(entries)))
            case .below(let name): below.append((name, RouteList(entries)))
            }
        }
        self.exact = HostIndex(exact)
        self.below = HostIndex(below)
        self.any = RouteList(entries[.any] ?? [])
    }

    /// The route that takes a request, and how it splits the path. `host` is in lower case, nil when the client named
    /// none.
    package func match(host: String?, path: RequestPath) -> (route: Int, path: RoutedPath)? {
        if let host {
            let name = Self.withoutRoot(host.utf8.span)
            if let found = self.exact.routes(of: name)?.match(path) { return found }
            if let parent = Self.parent(of: name), let found = self.below.routes(of: parent)?.match(path) {
                return found
            }
        }
        return self.any.match(path)
    }

    /// Whether some route is for this very host, or for a wildcard that covers it.
    package func names(_ host: String) -> Bool {
        let name = Self.withoutRoot(host.utf8.span)
        if self.exact.routes(of: name) != nil { return true }
        guard let parent = Self.parent(of: name) else { return false }
        return self.below.routes(of: parent) != nil
    }

    /// The root of all names may be written: app.example. is app.example.
    @_lifetime(copy name)
    private static func withoutRoot(_ name: Span<UInt8>) -> Span<UInt8> {
        guard !name.isEmpty, name[name.count - 1] == UInt8(ascii: ".") else { return name }
        return name.extracting(droppingLast: 1)
    }

    /// The name without its first label; nil when it has but one.
    @_lifetime(copy name)
    private static func parent(of name: Span<UInt8>) -> Span<UInt8>? {
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return nil }
        return name.extracting((dot + 1)...)
    }
}
