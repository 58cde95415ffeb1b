/// A header field that a client adds to its request: `Name: value` (RFC 9110 section 5).
package struct RequestField: OptionValue, Equatable {
    package let name: String
    package let value: String

    /// What the handshake says itself.
    private static let ours: Set<String> = [
        "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol",
        "sec-websocket-extensions", "content-length", "transfer-encoding",
    ]

    package init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isTokenByte) else {
            throw ValueFault("is no header field", remedy: "write 'Name: value'")
        }
        guard parts[1].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw ValueFault("has control characters", remedy: "leave them out")
        }
        self.name = String(parts[0])
        self.value = String(parts[1].drop { $0 == " " || $0 == "\t" })
        guard !Self.ours.contains(self.name.lowercased()) else {
            throw ValueFault(
                "is a field of the handshake itself", remedy: "leave it out; --subprotocol offers subprotocols")
        }
    }

    package var description: String { "\(self.name): \(self.value)" }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case _: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
