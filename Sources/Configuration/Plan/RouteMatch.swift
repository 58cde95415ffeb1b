package import Routing

/// Which requests a route is for.
package struct RouteMatch: Sendable, Equatable {
    /// Empty: any.
    package var hosts: [HostPattern]
    package var path: PathPattern

    package init(hosts: [HostPattern], path: PathPattern) {
        self.hosts = hosts
        self.path = path
    }

    package static let everything = RouteMatch(hosts: [], path: .everything)

    /// What a route is called that has no name.
    package var name: String {
        guard let host = self.hosts.first, host != .any else { return self.path.text }
        return "\(host)\(self.path)"
    }
}

extension Plan {
    /// Who finds the route of a request.
    package var routeTable: RouteTable { RouteTable(self.routes.map { ($0.match.hosts, $0.match.path) }) }
}

extension HostPattern: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        do throws(PatternFault) {
            self = try HostPattern(text: text)
        } catch {
            throw ValueFault(error.problem, remedy: error.remedy)
        }
    }
}

extension PathPattern: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        do throws(PatternFault) {
            self = try PathPattern(text: text)
        } catch {
            throw ValueFault(error.problem, remedy: error.remedy)
        }
    }
}
