/// Host names with the routes of each, found by bisection: nothing is hashed or copied to look one up.
struct HostIndex: Sendable {
    /// In the order of `precedes`.
    private let names: [[UInt8]]
    private let lists: [RouteList]

    init(_ hosts: [(name: String, routes: RouteList)]) {
        let sorted = hosts.map { (name: Array($0.name.utf8), routes: $0.routes) }
            .sorted { Self.precedes($0.name.span, $1.name.span) }
        self.names = sorted.map(\.name)
        self.lists = sorted.map(\.routes)
    }

    /// The routes of the host called `name`, in lower case.
    func routes(of name: Span<UInt8>) -> RouteList? {
        var (start, end) = (0, self.names.count)
        while start < end {
            let middle = (start + end) / 2
            let found = self.names[middle]
            if Self.precedes(found.span, name) { start = middle + 1 } else { end = middle }
        }
        guard start < self.names.count else { return nil }
        let found = self.names[start]
        return Self.precedes(name, found.span) ? nil : self.lists[start]
    }

    /// Shorter names first: most differ by that.
    private static func precedes(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return one.count < other.count }
        for index in one.indices where one[index] != other[index] { return one[index] < other[index] }
        return false
    }
}
