package import Addresses

/// Where a listener waits: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `unix:/run/app.sock`.
///
/// The address is never left out: `:8080` means every address to some programs and this machine alone to
/// others.
package enum ListenAddress: OptionValue, Hashable {
    case tcp(IPAddress, port: UInt16)
    case unix(path: String)

    /// What `sun_path` holds besides its terminating NUL.
    package static let unixPathBytesMax = 107
    package static let standard = ListenAddress.tcp(.loopback, port: 8080)
    /// Where `wsbridge status` asks unless told otherwise: the port behind the standard one.
    package static let metricsStandard = ListenAddress.tcp(.loopback, port: 8081)

    private static let remedy = "write 127.0.0.1:8080, [::1]:8080, 0.0.0.0:8080 or unix:/path"

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        switch self {
        case .tcp(let address, _): address.isLoopback
        case .unix: true
        }
    }

    /// Whether it is another address each time: port 0.
    package var isChosenBySystem: Bool {
        switch self {
        case .tcp(_, let port): port == 0
        case .unix: false
        }
    }

    /// Whether it is every address of the machine, `other` being one of them with the same port.
    func covers(_ other: ListenAddress) -> Bool {
        switch (self, other) {
        case (.tcp(let one, let port), .tcp(let another, let otherPort)):
            port == otherPort && port != 0 && one != another && one.isAny && one.isVersion6 == another.isVersion6
        case (.tcp, .unix), (.unix, _): false
        }
    }

    package init(parsing text: String) throws(ValueFault) {
        if text.hasPrefix("unix:") {
            self = try Self.unix(parsing: text.dropFirst(5))
            return
        }
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
            throw ValueFault("has no port", remedy: Self.remedy)
        }
        let host = text[..<colon]
        let port = try Self.port(text[text.index(after: colon)...])
        guard !host.isEmpty, host != "*" else {
            throw ValueFault(
                "has no address",
                remedy: "write 127.0.0.1:\(port) for this machine alone or 0.0.0.0:\(port) for every address")
        }
        self = .tcp(try Self.address(host), port: port)
    }

    package var description: String {
        switch self {
        case .tcp(let address, let port): address.isVersion6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    private static func unix(parsing path: Substring) throws(ValueFault) -> Self {
        guard !path.isEmpty else { throw ValueFault("has no path", remedy: "write unix:/run/app.sock") }
        guard path.utf8.count <= Self.unixPathBytesMax, !path.utf8.contains(0) else {
            throw ValueFault(
                "longer than the system allows",
                remedy: "use a path of at most \(Self.unixPathBytesMax) bytes")
        }
        return .unix(path: String(path))
    }

    /// 0 lets the system choose.
    private static func port(_ text: Substring) throws(ValueFault) -> UInt16 {
        guard text.allSatisfy({ $0 >= "0" && $0 <= "9" }), let port = UInt16(text) else {
            throw ValueFault("has no port from 0 to 65535", remedy: Self.remedy)
        }
        return port
    }

    private static func address(_ host: Substring) throws(ValueFault) -> IPAddress {
        if host == "localhost" { return .loopback }
        if host.hasPrefix("["), host.hasSuffix("]") {
            if let address = IPAddress(version6: host.dropFirst().dropLast()) { return address }
            throw ValueFault("not an IPv6 address", remedy: Self.remedy)
        }
        if let address = IPAddress(version4: host) { return address }
        let problem = host.contains(":") ? "an IPv6 address stands in brackets" : "not a numeric address"
        throw ValueFault(problem, remedy: Self.remedy)
    }
}
