internal import HTTPSemantics

/// The routes of one host, in the order in which they are asked.
///
/// What each path has to begin with stands in one array, so that a request looks at a few bytes of each pattern and at
/// no object until one may take it:
///
///     leads │/service0│/service1│/room│…
struct RouteList: Sendable {
    private let leads: [UInt8]
    private let ranges: [Range<Int>]
    private let patterns: [PathPattern]
    private let routes: [Int]

    init(_ entries: [(path: PathPattern, route: Int)]) {
        let sorted = entries.sorted { $0.path.precedes($1.path) }
        var leads: [UInt8] = []
        self.ranges = sorted.map { entry in
            let start = leads.count
            leads += entry.path.lead
            return start..<leads.count
        }
        self.leads = leads
        self.patterns = sorted.map(\.path)
        self.routes = sorted.map(\.route)
    }

    func match(_ path: RequestPath) -> (route: Int, path: RoutedPath)? {
        let (bytes, leads, ranges) = (path.bytes.span, self.leads.span, self.ranges.span)
        for index in ranges.indices where Self.begins(bytes, with: leads.extracting(ranges[index])) {
            if let routed = self.patterns[index].match(path) { return (self.routes[index], routed) }
        }
        return nil
    }

    /// From the end: what routes have in common stands in front.
    @inline(__always)
    private static func begins(_ path: Span<UInt8>, with lead: Span<UInt8>) -> Bool {
        guard path.count >= lead.count else { return false }
        var index = lead.count - 1
        while index >= 0, path[index] == lead[index] { index -= 1 }
        return index < 0
    }
}
