import Routing
import Testing

/// Routes as `host path` or `path`, a request, and which route takes it.
struct RoutingRow: CustomTestStringConvertible, Sendable {
    let routes: [String]
    let host: String?
    let path: String
    /// `route | script name | path info | name=value …`, or nothing.
    let expected: String?

    init(_ routes: [String], _ host: String?, _ path: String, _ expected: String?) {
        self.routes = routes
        self.host = host
        self.path = path
        self.expected = expected
    }

    var testDescription: String { "\(self.routes) \(self.host ?? "-") \(self.path)" }

    var table: RouteTable {
        get throws(PatternFault) {
            var routes: [(hosts: [HostPattern], path: PathPattern)] = []
            for text in self.routes {
                let slash = text.firstIndex(of: "/") ?? text.endIndex
                let words = text[..<slash].split(separator: " ").map(String.init)
                let hosts = try words.map { text throws(PatternFault) in try HostPattern(text: text) }
                routes.append((hosts, try PathPattern(text: String(text[slash...]))))
            }
            return RouteTable(routes)
        }
    }
}

private let general = ["/", "/*", "/chat", "/files/*", "/room/{name}", "/room/lobby", "/room/{name}/*", "/{a}/{b}"]

let routingRows: [RoutingRow] = [
    RoutingRow(["/*"], "a.example", "/", "0||/"),
    RoutingRow(["/*"], nil, "/a/b%20c/", "0||/a/b c/"),
    RoutingRow(["/*"], nil, "*", "0||/"),
    RoutingRow(["/"], nil, "/", "0|/|"),
    RoutingRow(["/"], nil, "/a", nil),
    RoutingRow(["/chat"], nil, "/chat", "0|/chat|"),
    RoutingRow(["/chat"], nil, "/%63hat", "0|/chat|"),
    RoutingRow(["/chat"], nil, "/Chat", nil),
    RoutingRow(["/chat"], nil, "/chat/", nil),
    RoutingRow(["/chat/"], nil, "/chat/", "0|/chat/|"),
    RoutingRow(["/chat/"], nil, "/chat", nil),
    RoutingRow(["/files/*"], nil, "/files", "0|/files|"),
    RoutingRow(["/files/*"], nil, "/files/", "0|/files|/"),
    RoutingRow(["/files/*"], nil, "/files/a/b", "0|/files|/a/b"),
    RoutingRow(["/files/*"], nil, "/filesystem", nil),
    RoutingRow(["/a b"], nil, "/a%20b", "0|/a b|"),
    RoutingRow(["/grüße"], nil, "/gr%C3%BC%C3%9Fe", "0|/grüße|"),
    RoutingRow(["/room/{name}"], nil, "/room/blue", "0|/room/blue||name=blue"),
    RoutingRow(["/room/{name}"], nil, "/room/a%3Db", "0|/room/a=b||name=a=b"),
    RoutingRow(["/room/{name}"], nil, "/room/", nil),
    RoutingRow(["/room/{name}"], nil, "/room", nil),
    RoutingRow(["/room/{name}"], nil, "/room/a/b", nil),
    RoutingRow(["/{a}/{b_2}/*"], nil, "/x/y/z", "0|/x/y|/z|a=x|b_2=y"),
    // the most specific one, whatever the order
    RoutingRow(general, nil, "/", "0|/|"),
    RoutingRow(general, nil, "/x", "1||/x"),
    RoutingRow(general, nil, "/chat", "2|/chat|"),
    RoutingRow(general, nil, "/files/a", "3|/files|/a"),
    RoutingRow(general, nil, "/room/lobby", "5|/room/lobby|"),
    RoutingRow(general, nil, "/room/x", "4|/room/x||name=x"),
    RoutingRow(general, nil, "/room/lobby/x", "6|/room/lobby|/x|name=lobby"),
    RoutingRow(general, nil, "/x/y", "7|/x/y||a=x|b=y"),
    RoutingRow(["/{a}/b", "/a/{b}", "/a/*"], nil, "/a/b", "1|/a/b||b=b"),
    RoutingRow(["/a/*", "/a/b/*"], nil, "/a/b/c", "1|/a/b|/c"),
    // what a pattern begins with is not all of it
    RoutingRow(["/a", "/ab", "/abc"], nil, "/ab", "1|/ab|"),
    RoutingRow(["/a/*", "/ab/*"], nil, "/abc", nil),
    RoutingRow(["/a/{x}", "/ab/{x}/*"], nil, "/ab/c", "1|/ab/c||x=c"),
    RoutingRow(["/a/{x}/b"], nil, "/a/x/c", nil),
    RoutingRow(["/a/{x}/b"], nil, "/a/x", nil),
    RoutingRow(["/a/{x}/"], nil, "/a/x/", "0|/a/x/||x=x"),
    RoutingRow(["/a/{x}/*"], nil, "/a/x/", "0|/a/x|/|x=x"),
    // hosts
    RoutingRow(["a.example /*"], "a.example", "/", "0||/"),
    RoutingRow(["A.Example /*"], "a.example", "/", "0||/"),
    RoutingRow(["a.example /*"], "a.example.", "/", "0||/"),
    RoutingRow(["a.example /*"], "b.example", "/", nil),
    RoutingRow(["a.example /*"], nil, "/", nil),
    RoutingRow(["a.example b.example /*"], "b.example", "/", "0||/"),
    RoutingRow(["*.example.org /*"], "a.example.org", "/", "0||/"),
    RoutingRow(["*.example.org /*"], "example.org", "/", nil),
    RoutingRow(["*.example.org /*"], "a.b.example.org", "/", nil),
    RoutingRow(["*.example.org /*"], ".example.org", "/", nil),
    RoutingRow(["[::1] /*"], "::1", "/", "0||/"),
    RoutingRow(["/*", "*.b.example /*", "a.b.example /*"], "a.b.example", "/", "2||/"),
    RoutingRow(["/*", "*.b.example /*", "a.b.example /*"], "c.b.example", "/", "1||/"),
    RoutingRow(["/*", "*.b.example /*", "a.b.example /*"], "b.example", "/", "0||/"),
    // a host's own routes do not hide the general ones
    RoutingRow(["/status", "a.example /chat"], "a.example", "/status", "0|/status|"),
    RoutingRow(["/status", "a.example /*"], "a.example", "/status", "1||/status"),
]

@Suite struct RouteTableTests {
    @Test(arguments: routingRows)
    func aRequestFindsItsRoute(_ row: RoutingRow) throws {
        let found = try row.table.match(host: row.host, path: try RequestPath(row.path))
        let text = found.map { found in
            var parts = ["\(found.route)", found.path.scriptName.text, found.path.pathInfo.text]
            parts += found.path.captures.map { "\($0.name)=\($0.value.text)" }
            return parts.joined(separator: "|")
        }
        #expect(text == row.expected)
    }

    /// The order of the file decides nothing.
    @Test(arguments: routingRows)
    func theOrderDoesNotMatter(_ row: RoutingRow) throws {
        let turned = RoutingRow(row.routes.reversed(), row.host, row.path, nil)
        let path = try RequestPath(row.path)
        let one = try row.table.match(host: row.host, path: path)
        let other = try turned.table.match(host: row.host, path: path)
        #expect(one?.route == other.map { row.routes.count - 1 - $0.route })
        #expect(one?.path == other?.path)
    }

    @Test func twoRoutesForTheSameRequestsAreFound() throws {
        let row = RoutingRow(
            ["/a/{x}", "/a/{y}", "/a/{x}/", "a.example /*", "b.example a.example /*", "/*"], nil, "/", nil)
        let conflicts = try row.table.conflicts.map { "\($0.route) \($0.earlier) \($0.host)" }
        #expect(conflicts == ["1 0 *", "4 3 a.example"])
    }

    /// Names of every length, and several of each: every one is found, and none that is beside it.
    @Test func eachOfManyHostsIsFound() throws {
        let names = (0..<40).map { "\(String(repeating: "h", count: $0 % 7 + 1))\($0).example" }
        for prefix in ["", "*."] {
            let table = try RoutingRow(names.map { "\(prefix)\($0) /*" }, nil, "/", nil).table
            let path = try RequestPath("/")
            for (index, name) in names.enumerated() {
                let host = prefix.isEmpty ? name : "a.\(name)"
                #expect(table.match(host: host, path: path)?.route == index)
                for other in ["\(host)x", "x\(host.dropFirst())", String(host.dropLast()), "\(host)~"] {
                    #expect(prefix.isEmpty ? table.match(host: other, path: path) == nil : true, "\(other)")
                }
                #expect(table.names(host) && !table.names("\(host)x"))
            }
        }
    }

    @Test func hostsAreNamed() throws {
        let table = try RoutingRow(["a.example /*", "*.b.example /x", "/*"], nil, "/", nil).table
        #expect(table.names("a.example"))
        #expect(table.names("x.b.example"))
        #expect(!table.names("b.example"))
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
