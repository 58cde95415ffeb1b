import ProxyProtocol
import Testing

/// Bytes that are no header, and why.
struct ViolationRow: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let violation: ProxyHeaderViolation
    /// The first byte after which it is known.
    let known: Int?

    init(_ name: String, _ bytes: [UInt8], _ violation: ProxyHeaderViolation, known: Int? = nil) {
        self.name = name
        self.bytes = bytes
        self.violation = violation
        self.known = known
    }

    init(_ text: String, _ violation: ProxyHeaderViolation, known: Int? = nil) {
        self.init(text, Array(text.utf8), violation, known: known)
    }

    var testDescription: String { self.name }
}

@Suite struct ProxyHeaderViolationTests {
    private static let fields = ProxyHeaderViolation.malformed("a protocol, two addresses and two ports are expected")
    private static let ipv4 = ProxyHeaderViolation.malformed("not an IPv4 address")
    private static let ipv6 = ProxyHeaderViolation.malformed("not an IPv6 address")
    private static let port = ProxyHeaderViolation.malformed("a port is a number up to 65535")
    private static let family = ProxyHeaderViolation.malformed("the protocol is TCP4, TCP6 or UNKNOWN")
    private static let cut = ProxyHeaderViolation.malformed("a value is cut off")
    private static let endpoints: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 4, 1, 0xBB]

    static let rows = [
        ViolationRow("GET / HTTP/1.1\r\n", .missing, known: 1),
        ViolationRow("\u{16}\u{3}\u{1}", .missing, known: 1),
        ViolationRow("PROXX", .missing, known: 5),
        ViolationRow("proxy TCP4", .missing, known: 1),
        ViolationRow("\r\n\r\n\u{1}", .missing, known: 5),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", .malformed("a line ends with CR LF")),
        ViolationRow("PROXY \n", .malformed("a line ends with CR LF")),
        ViolationRow("PROXY \r\n", Self.fields),
        ViolationRow("PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n", Self.fields),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", Self.fields),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", Self.fields),
        ViolationRow("PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n", Self.family),
        ViolationRow("PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n", Self.family),
        ViolationRow("PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n", Self.ipv4),
        ViolationRow("PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", Self.ipv4),
        ViolationRow("PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n", Self.ipv4),
        ViolationRow("PROXY TCP4 1.2.3.4.5 1.2.3.4 1 2\r\n", Self.ipv4),
        ViolationRow("PROXY TCP4 1.2.3.4 ::1 1 2\r\n", Self.ipv4),
        ViolationRow("PROXY TCP6 1.2.3.4 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 ::1::2 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 :::1 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 1:2:3:4:5:6:7::8 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 1.2.3.4::1 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 12345::1 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 g::1 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", Self.ipv6),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n", Self.port),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n", Self.port),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", Self.port),
        ViolationRow("PROXY TCP4 1.2.3.4 1.2.3.4 1 99999999999999999999\r\n", Self.port),
        ViolationRow("PROXY UNKNOWN " + String(repeating: "A", count: 93), .tooLong(limit: 107)),
        ViolationRow("version 3", signature + [0x31], .malformed("version 2, command 0 or 1 expected"), known: 13),
        ViolationRow("command 2", signature + [0x22], .malformed("version 2, command 0 or 1 expected"), known: 13),
        ViolationRow(
            "datagrams", signature + [0x21, 0x12, 0, 12] + Self.endpoints, .malformed("not a stream connection")),
        ViolationRow("too long", signature + [0x21, 0x11, 0xFF, 0xFF], .tooLong(limit: 4096), known: 16),
        ViolationRow(
            "too short", signature + [0x21, 0x21, 0, 12] + Self.endpoints, .malformed("too short for its addresses")),
        ViolationRow("half a value", signature + [0x21, 0x11, 0, 14] + Self.endpoints + [4, 0], Self.cut),
        ViolationRow("a value too long", signature + [0x21, 0x11, 0, 15] + Self.endpoints + [4, 0, 1], Self.cut),
        ViolationRow(
            "a short checksum", signature + [0x21, 0x11, 0, 16] + Self.endpoints + [3, 0, 1, 0],
            .malformed("a checksum has four bytes")),
        ViolationRow(
            "a wrong checksum", signature + [0x21, 0x11, 0, 19] + Self.endpoints + [3, 0, 4, 0, 0, 0, 0], .badChecksum),
    ]

    @Test(arguments: Self.rows)
    func isRefusedAsSoonAsItIsKnown(_ row: ViolationRow) {
        let known = row.known ?? row.bytes.count
        for count in 0..<known { #expect(Outcome(Array(row.bytes[..<count])) == .more, "cut at \(count)") }
        for count in known...row.bytes.count {
            #expect(Outcome(Array(row.bytes[..<count])) == .refused(row.violation), "cut at \(count)")
        }
        #expect(!row.violation.reason.isEmpty)
    }
}
