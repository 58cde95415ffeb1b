internal import Addresses

/// Version 1: a line of text, `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443` and CR LF.
enum ProxyHeaderV1 {
    /// Section 2.1: the longest line with its CR LF.
    static let bytesMax = 107
    static let prefix = Array("PROXY ".utf8)

    static func parse(
        _ bytes: Span<UInt8>
    ) throws(ProxyHeaderViolation) -> (header: ProxyHeader, bytesUsed: Int)? {
        guard bytes.agrees(with: Self.prefix) else { throw .missing }
        var end = 0
        while end < bytes.count, end < Self.bytesMax, bytes[end] != 0x0A { end += 1 }
        guard end < bytes.count, end < Self.bytesMax else {
            if bytes.count >= Self.bytesMax { throw .tooLong(limit: Self.bytesMax) }
            return nil
        }
        guard end > Self.prefix.count, bytes[end - 1] == 0x0D else { throw .malformed("a line ends with CR LF") }
        var words: [ArraySlice<UInt8>] = []
        var line: [UInt8] = []
        for index in Self.prefix.count..<end - 1 { line.append(bytes[index]) }
        words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        return (try Self.header(words), end + 1)
    }

    private static func header(_ words: [ArraySlice<UInt8>]) throws(ProxyHeaderViolation) -> ProxyHeader {
        let family = words[0]
        // Whatever follows this word is to be ignored.
        if family.elementsEqual("UNKNOWN".utf8) { return .local }
        guard words.count == 5 else { throw .malformed("a protocol, two addresses and two ports are expected") }
        guard let clientPort = Self.port(words[3]), let serverPort = Self.port(words[4]) else {
            throw .malformed("a port is a number up to 65535")
        }
        if family.elementsEqual("TCP4".utf8) {
            guard let client = Self.ipv4(words[1]), let server = Self.ipv4(words[2]) else {
                throw .malformed("not an IPv4 address")
            }
            return .proxied(
                client: .ipv4(address: client, port: clientPort), server: .ipv4(address: server, port: serverPort))
        }
        guard family.elementsEqual("TCP6".utf8) else { throw .malformed("the protocol is TCP4, TCP6 or UNKNOWN") }
        guard let client = Self.ipv6(words[1]), let server = Self.ipv6(words[2]) else {
            throw .malformed("not an IPv6 address")
        }
        return .proxied(
            client: .ipv6(high: client.high, low: client.low, port: clientPort),
            server: .ipv6(high: server.high, low: server.low, port: serverPort))
    }

    // Read strictly: what one reader takes for an address and another for none is a way around rules.

    private static func ipv4(_ word: ArraySlice<UInt8>) -> UInt32? {
        IPAddress(version4: String(decoding: word, as: UTF8.self))?.number
    }

    private static func ipv6(_ word: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        IPAddress(version6: String(decoding: word, as: UTF8.self))?.numbers
    }

    /// Decimal digits without a zero in front.
    private static func port(_ word: ArraySlice<UInt8>) -> UInt16? {
        guard let first = word.first, word.count == 1 || first != UInt8(ascii: "0"),
            word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt16(String(decoding: word, as: UTF8.self))
    }
}
