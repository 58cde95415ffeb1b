/// Which names a route answers to, compared without regard to case.
package enum HostPattern: Hashable, Sendable {
    case any
    /// In lower case; an IPv6 address without its brackets.
    case exact(String)
    /// `*.example.org`: one label in front of this, as in a certificate (RFC 6125 section 6.4.3).
    case below(String)

    package init(text: String) throws(PatternFault) {
        let lower = text.lowercased()
        if lower == "*" {
            self = .any
            return
        }
        if lower.hasPrefix("["), lower.hasSuffix("]") {
            self = .exact(String(lower.dropFirst().dropLast()))
            return
        }
        let isWildcard = lower.hasPrefix("*.")
        let name = isWildcard ? String(lower.dropFirst(2)) : lower
        guard !name.contains(":") else {
            throw PatternFault(problem: "a host has no port here", remedy: "leave out the port")
        }
        guard !name.contains("*") else {
            throw PatternFault(
                problem: "* stands for one whole label, the first", remedy: "write a name like *.example.org")
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            case _: false
            }
        }
        guard isName, !name.isEmpty, !name.hasPrefix("."), !name.hasSuffix("."), !name.contains("..") else {
            throw PatternFault(
                problem: "not a host name", remedy: "write a name like app.example or *.app.example, without port")
        }
        self = isWildcard ? .below(name) : .exact(name)
    }
}

extension HostPattern: CustomStringConvertible {
    package var description: String {
        switch self {
        case .any: "*"
        case .exact(let name): name.contains(":") ? "[\(name)]" : name
        case .below(let name): "*.\(name)"
        }
    }
}
