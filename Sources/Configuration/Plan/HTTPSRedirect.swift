/// Where a listener without TLS sends everybody: to the same host, path and query by https.
package enum HTTPSRedirect: Sendable, Equatable {
    /// The port of the first listener with TLS.
    case firstListener
    /// Another one, where a router or a container maps ports.
    case port(UInt16)
}

extension HTTPSRedirect: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let port = parts.count == 2 ? UInt16(parts[1]) : nil
        guard parts.first == "https", parts.count == 1 || (port ?? 0) > 0 else {
            throw ValueFault(
                "not where a listener may send its clients", remedy: "write https, or https:443 for that port")
        }
        self = port.map { .port($0) } ?? .firstListener
    }

    package var description: String {
        switch self {
        case .firstListener: "https"
        case .port(let port): "https:\(port)"
        }
    }
}
