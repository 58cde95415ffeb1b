internal import Upstreams

/// The value of `--tcp`: `127.0.0.1:5900`, `[::1]:5900`, `db.example:5432`.
struct HostAndPort: OptionValue {
    let address: UpstreamAddress

    var description: String { self.address.description }

    init(parsing text: String) throws(ValueFault) {
        guard !text.hasPrefix("unix:") else {
            throw ValueFault("is a unix socket", remedy: "write --unix \(text.dropFirst(5))")
        }
        if let scheme = text.firstRange(of: "://") {
            let head = text[..<scheme.upperBound]
            throw ValueFault("is a URL", remedy: "write what stands behind \(head), without a path")
        }
        guard text.isEmpty || !text.allSatisfy(\.isNumber) else {
            throw ValueFault("has no host", remedy: "write 127.0.0.1:\(text) for this machine")
        }
        do throws(UpstreamAddressViolation) {
            self.address = try UpstreamAddress(text)
        } catch {
            throw error.fault
        }
    }
}

/// The value of `--unix`: a path, relative ones included.
struct SocketPath: OptionValue {
    let address: UpstreamAddress
    let description: String

    init(parsing text: String) throws(ValueFault) {
        let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw ValueFault("has no path", remedy: "write --unix /run/app.sock")
        }
        guard path.utf8.count <= ListenAddress.unixPathBytesMax else {
            throw ValueFault(
                "longer than the system allows",
                remedy: "use a path of at most \(ListenAddress.unixPathBytesMax) bytes")
        }
        self.address = .unix(path: path)
        self.description = path
    }
}

/// A name that a certificate may have.
struct ServerName: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) { self.text = try AccessNames.host(text) }
}

/// The path of a file, or any other text that says something.
struct FilePath: OptionValue {
    let text: String

    init(parsing text: String) throws(ValueFault) {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw ValueFault("says nothing", remedy: "write the path of a file, or the list that is asked for")
        }
        self.text = text
    }

    var description: String { self.text }
}

extension UpstreamAddressViolation {
    fileprivate var fault: ValueFault {
        let remedy = "write HOST:PORT, like 127.0.0.1:5900, [::1]:5900 or db.example:5432"
        return switch self {
        case .noPort: ValueFault("has no port", remedy: remedy)
        case .badPort: ValueFault("has no port from 1 to 65535", remedy: remedy)
        case .badHost: ValueFault("has no host name or address", remedy: remedy)
        case .noClosingBracket: ValueFault("a bracket is not closed", remedy: remedy)
        case .noBrackets: ValueFault("an IPv6 address stands in brackets", remedy: remedy)
        case .badPath: ValueFault("has no path", remedy: "write --unix /run/app.sock")
        }
    }
}
