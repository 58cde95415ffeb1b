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
                || names.contains { $0.utf8.span.equalsIgnoringCase(host) }
        }
    }

    /// Four plain decimal numbers of which the first is 127: `127.0.0.1.example` is a name that anybody can
    /// register.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        var parts = 0
        var (digits, number) = (0, 0)
        let bytes = host.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0, parts > 0 || number == 127 else { return false }
                parts += 1
                (digits, number) = (0, 0)
            } else {
                guard byte.isASCIIDigit, digits < 3 else { return false }
                digits += 1
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
                guard number <= 255 else { return false }
            }
        }
        return parts == 3 && digits > 0
    }
}
