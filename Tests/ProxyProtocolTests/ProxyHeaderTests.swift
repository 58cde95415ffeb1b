import ProxyProtocol
import Testing

/// What the bytes of a connection's begin come to.
enum Outcome: Equatable {
    case more
    case header(ProxyHeader, used: Int)
    case refused(ProxyHeaderViolation)

    init(_ bytes: [UInt8]) {
        do throws(ProxyHeaderViolation) {
            guard let (header, used) = try ProxyHeader.parse(bytes.span) else {
                self = .more
                return
            }
            self = .header(header, used: used)
        } catch {
            self = .refused(error)
        }
    }
}

/// A header as bytes, and what it says.
struct HeaderRow: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let header: ProxyHeader

    init(_ name: String, _ bytes: [UInt8], _ header: ProxyHeader) {
        self.name = name
        self.bytes = bytes
        self.header = header
    }

    init(_ text: String, _ header: ProxyHeader) { self.init(text, Array(text.utf8) + [13, 10], header) }

    var testDescription: String { self.name }
}

let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A] + Array("QUIT\n".utf8)

@Suite struct ProxyHeaderTests {
    static let four = ProxyHeader.proxied(
        client: .ipv4(address: 0xC000_0201, port: 56324), server: .ipv4(address: 0xC633_6401, port: 443))
    static let six = ProxyHeader.proxied(
        client: .ipv6(high: 0x2001_0db8_0000_0000, low: 1, port: 1), server: .ipv6(high: 0, low: 1, port: 65535))
    static let unix = ProxyHeader.proxied(client: .unix(path: []), server: .unix(path: Array("/run/a".utf8)))
    static let tls = ProxyTLS(version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", commonName: "Ada")

    static let rows = [
        HeaderRow("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443", Self.four),
        HeaderRow("PROXY TCP6 2001:db8::1 ::1 1 65535", Self.six),
        HeaderRow("PROXY TCP6 2001:DB8:0:0:0:0:0.0.0.1 0:0:0:0:0:0:0:1 1 65535", Self.six),
        HeaderRow("PROXY TCP6 2001:0db8:0000:0000:0000:0000:0000:0001 ::0001 1 65535", Self.six),
        HeaderRow("PROXY UNKNOWN", .local),
        HeaderRow("PROXY UNKNOWN whatever 1 2 3 4 5", .local),
        HeaderRow(
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
            .proxied(
                client: .ipv6(high: .max, low: .max, port: 65535), server: .ipv6(high: .max, low: .max, port: 65535))),
        HeaderRow(
            "version 2, four",
            signature + [0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 4, 1, 0xBB], Self.four),
        HeaderRow(
            "version 2, a checksum made elsewhere",
            signature + [0x21, 0x11, 0, 19, 192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 4, 1, 0xBB, 3, 0, 4]
                + [0x73, 0x7E, 0xE9, 0x19], Self.four),
        HeaderRow(
            "version 2, a value behind",
            signature + [0x21, 0x11, 0, 16, 192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 4, 1, 0xBB, 4, 0, 1, 9], Self.four),
        HeaderRow("version 2, six", Self.six.version2(tls: Self.tls, hasChecksum: true), Self.six),
        HeaderRow("version 2, unix", Self.unix.version2(hasChecksum: true), Self.unix),
        HeaderRow("version 2, local with rubbish", signature + [0x20, 0xFF, 0, 2, 1, 2], .local),
        HeaderRow("version 2, unspecified", signature + [0x21, 0, 0, 4, 4, 0, 1, 9], .local),
    ]

    @Test(arguments: Self.rows)
    func isReadHoweverItIsCut(_ row: HeaderRow) {
        let rest = Array("\r\n\r\n\0PROXY ".utf8)
        for count in 0..<row.bytes.count {
            #expect(Outcome(Array(row.bytes[..<count])) == .more, "cut at \(count)")
        }
        for count in 0...rest.count {
            let bytes = row.bytes + rest[..<count]
            #expect(Outcome(bytes) == .header(row.header, used: row.bytes.count))
        }
    }

    @Test(arguments: [ProxyHeaderTests.four, ProxyHeaderTests.six, ProxyHeaderTests.unix, .local])
    func whatIsWrittenIsRead(_ header: ProxyHeader) {
        for bytes in [header.version2(), header.version2(tls: Self.tls), header.version2(hasChecksum: true)] {
            #expect(Outcome(bytes) == .header(header, used: bytes.count))
        }
        let line = header.version1
        #expect(line.count <= 107)
        #expect(Outcome(line) == .header(header == Self.unix ? .local : header, used: line.count))
    }

    @Test func mixedFamiliesAreWrittenAsSix() {
        let mixed = ProxyHeader.proxied(
            client: .ipv4(address: 0xC000_0201, port: 7), server: .ipv6(high: 0, low: 1, port: 8))
        let six = ProxyHeader.proxied(
            client: .ipv6(high: 0, low: 0xFFFF_C000_0201, port: 7), server: .ipv6(high: 0, low: 1, port: 8))
        #expect(Outcome(mixed.version2()) == .header(six, used: 52))
        #expect(Outcome(mixed.version1) == .header(six, used: mixed.version1.count))
    }

    /// As section 2.2.6 lays it out.
    @Test func theClientsTLSIsToldInAValue() {
        let values = Array(Self.four.version2(tls: Self.tls).dropFirst(28))
        let version: [UInt8] = [0x21, 0, 7] + Array("TLSv1.3".utf8)
        let name: [UInt8] = [0x22, 0, 3] + Array("Ada".utf8)
        let cipher: [UInt8] = [0x23, 0, 22] + Array("TLS_AES_128_GCM_SHA256".utf8)
        #expect(values == [0x20, 0, 46, 0x07, 0, 0, 0, 0] + version + name + cipher)
    }

    /// But for the byte that makes a checksum of it.
    @Test func aChangedBitIsFound() {
        let bytes = Self.six.version2(tls: Self.tls, hasChecksum: true)
        for index in 16..<bytes.count where index != bytes.count - 7 {
            var changed = bytes
            changed[index] ^= 0x10
            guard case .refused = Outcome(changed) else {
                Issue.record("a change at \(index) was not found")
                continue
            }
        }
    }
}
