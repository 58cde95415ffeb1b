/// Which names this server answers to.
///
/// A page whose name its owner points at 127.0.0.1 after it was loaded (DNS rebinding) is of the same origin
/// as a server on loopback, so the origin rule cannot see it; but its Host field still carries the owner's
/// name.
package enum HostRule: Hashable, Sendable {
    case any
    /// `localhost`, 127.0.0.0/8, `[::1]` and these names besides, whatever the port.
    case loopback(names: [String])

    package func admits(_ authority: Authority?) -> Bool {
        switch self {
        case .any:
            return true
        case .loopback(let names):
            guard let host = authority?.host else { return false }
            return host == "localhost" || host == "::1" || HostRule.isLoopbackIPv4(host)
                || names.contains { $0.utf8.equalsIgnoringCase(host.utf8) }
        }
    }

    /// Four plain decimal numbers of which the first is 127: `127.0.0.1.example` is a name that anybody can
    /// register.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0].elementsEqual("127".utf8)
            && parts.allSatisfy { part in
                part.count <= 3 && part.allSatisfy(\.isASCIIDigit)
                    && UInt8(String(decoding: part, as: UTF8.self)) != nil
            }
    }
}
