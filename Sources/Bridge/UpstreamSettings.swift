internal import HTTPSemantics
package import IOCore
package import Routing

/// What all sessions of a route with servers behind it share: one object a worker.
package final class UpstreamSettings {
    let connector: any Connector
    let records: RecordSettings
    /// nil: the client has no say in which server it gets.
    let token: TokenSource?

    package init(connector: any Connector, records: RecordSettings, token: TokenSource?) {
        self.connector = connector
        self.records = records
        self.token = token
    }
}

/// Where a request names the token that chooses its server. The token is looked up, never used as an address.
package enum TokenSource: Equatable, Sendable {
    /// `?token=NAME`, as websockify has it.
    case query(parameter: String)
    /// `{token}` in the route's path.
    case capture(name: String)

    /// The token of a request; nil when it has none, or one that is not UTF-8.
    package func token(query: String?, path: RoutedPath) -> String? {
        switch self {
        case .query(let parameter):
            Self.value(of: parameter, in: query ?? "")
        case .capture(let name):
            path.captures.first { $0.name == name }.flatMap { String(validating: $0.value, as: UTF8.self) }
        }
    }

    private static func value(of parameter: String, in query: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard name.elementsEqual(parameter.utf8) else { continue }
            return Self.decoded(pair.dropFirst(name.count + 1))
        }
        return nil
    }

    /// Escapes once decoded (application/x-www-form-urlencoded); nil when one is malformed.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue else { return nil }
                bytes.append(high << 4 | low)
            case _:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
