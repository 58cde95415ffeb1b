internal import Addresses

/// The names that access rules are written with.
package enum AccessNames {
    /// `same`, `any`, or an exact origin in lower case, scheme and port optional.
    static func origin(_ text: String) throws(ValueFault) -> String {
        let remedy =
            "write an origin like https://app.example, app.example or app.example:8443, or same, or any"
        let lower = text.lowercased()
        guard !lower.contains("*") else {
            throw ValueFault("an origin has no wildcards", remedy: "list each origin, or write any")
        }
        guard lower != "null" else {
            throw ValueFault("null is every sandboxed page and local file", remedy: remedy)
        }
        var rest = lower[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
        }
        guard !rest.contains("/") else {
            throw ValueFault(
                "an origin ends with its host or port", remedy: "leave out the path and its slash")
        }
        let (name, port) = Self.split(rest)
        guard Self.isHost(name), port.map({ UInt16($0) != nil }) ?? true else {
            throw ValueFault("not an origin", remedy: remedy)
        }
        return lower
    }

    /// A host name or address without a port, in lower case.
    static func host(_ text: String) throws(ValueFault) -> String {
        let lower = text.lowercased()
        guard Self.isHost(lower[...]) else {
            throw ValueFault("not a host name", remedy: "write a name like app.example, without port")
        }
        return lower
    }

    /// A token of RFC 9110, which is what RFC 6455 asks of a subprotocol.
    package static func subprotocol(_ text: String) throws(ValueFault) -> String {
        let isToken = text.utf8.allSatisfy { byte in
            Self.isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        guard !text.isEmpty, isToken else {
            throw ValueFault("not a subprotocol name", remedy: "use letters, digits and - . _ ~ alone")
        }
        return text
    }

    /// A name of a variable: anything the C library can hold.
    static func variable(_ text: String) throws(ValueFault) -> String {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 <= 0x20 }) else {
            throw ValueFault("not the name of a variable", remedy: "write a name like LANG")
        }
        return text
    }

    /// A host with an optional port, as it stands in a Host field: whatever breaks no line and no URL.
    static func mayBeAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\"\\,;".utf8.contains($0) }
    }

    private static func split(_ text: Substring) -> (host: Substring, port: Substring?) {
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return (text, nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return IPAddress(version6: text.dropFirst().dropLast()) != nil
        }
        return !text.isEmpty
            && text.utf8.allSatisfy { Self.isAlphanumeric($0) || "-._".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
