internal import Addresses

/// Where a server behind a route is, as the operator wrote it.
package enum UpstreamAddress: Hashable, Sendable {
    /// A name, or an address without brackets.
    case host(String, port: UInt16)
    /// A path in the file system.
    case unix(path: String)
}

/// Why a text is no address of a server.
package enum UpstreamAddressViolation: Error, Hashable, Sendable {
    case noPort
    case badPort
    case badHost
    case noClosingBracket
    /// Several colons, which only an IPv6 address has.
    case noBrackets
    case badPath

    package var reason: String {
        switch self {
        case .noPort: "no port; write host:port, or unix:/path"
        case .badPort: "the port is no number from 1 to 65535"
        case .badHost: "neither a host name (letters, digits, dots, hyphens, underscores) nor an address"
        case .noClosingBracket: "a bracket is not closed; write [::1]:5900"
        case .noBrackets: "an IPv6 address needs brackets; write [::1]:5900"
        case .badPath: "no path of a unix socket; write unix:/run/name.sock, at most 107 bytes"
        }
    }
}

extension UpstreamAddress: CustomStringConvertible {
    /// `host:port`, `[::1]:port`, `unix:/path`.
    package var description: String {
        switch self {
        case .host(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

// MARK: - Reading

extension UpstreamAddress {
    /// sun_path of sockaddr_un, less its terminator (unix(7)).
    package static let pathBytesMax = 107
    /// A name in the form that people write (RFC 1035 section 2.3.4).
    package static let hostBytesMax = 253

    /// Reads `host:port`, `[::1]:port` or `unix:/path`.
    package init(_ text: some StringProtocol) throws(UpstreamAddressViolation) {
        let scheme = "unix:"
        if text.hasPrefix(scheme) {
            let path = String(text.dropFirst(scheme.count))
            guard path.hasPrefix("/"), path.utf8.count <= Self.pathBytesMax, !path.utf8.contains(0) else {
                throw .badPath
            }
            self = .unix(path: path)
            return
        }
        let (host, port) = try Self.split(text)
        guard !port.isEmpty, port.utf8.count <= 5, port.utf8.allSatisfy(\.isDigit), let number = UInt16(port),
            number > 0
        else { throw .badPort }
        self = .host(host, port: number)
    }

    private static func split<Text: StringProtocol>(
        _ text: Text
    ) throws(UpstreamAddressViolation) -> (host: String, port: String) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw .noClosingBracket }
            let host = text[text.index(after: text.startIndex)..<end]
            guard IPAddress(version6: host) != nil else { throw .badHost }
            let rest = text[text.index(after: end)...]
            guard rest.hasPrefix(":") else { throw .noPort }
            return (String(host), String(rest.dropFirst()))
        }
        guard let colon = text.lastIndex(of: ":") else { throw .noPort }
        let host = text[..<colon]
        guard !host.utf8.contains(UInt8(ascii: ":")) else { throw .noBrackets }
        guard Self.isName(host) else { throw .badHost }
        return (String(host), String(text[text.index(after: colon)...]))
    }

    /// Names of containers have underscores. A name that ends in a number is an address, or a typing mistake: no top
    /// level domain is one (RFC 3696 section 2).
    private static func isName(_ text: some StringProtocol) -> Bool {
        guard !text.isEmpty, text.utf8.count <= Self.hostBytesMax, !text.hasPrefix("-"), !text.hasPrefix("."),
            text.utf8.allSatisfy(Self.mayStandInName)
        else { return false }
        let last = text.utf8.split(separator: UInt8(ascii: ".")).last ?? text.utf8[...]
        return !last.allSatisfy(\.isDigit) || IPAddress(version4: text) != nil
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
