/// What version 2 can say about the client's TLS connection (section 2.2.6).
package struct ProxyTLS: Hashable, Sendable {
    /// `TLSv1.3`.
    package let version: String
    /// OpenSSL's or the IANA's name.
    package let cipher: String
    /// Of the client's certificate; nil: it showed none. One that it showed was verified.
    package let commonName: String?

    package init(version: String, cipher: String, commonName: String?) {
        self.version = version
        self.cipher = cipher
        self.commonName = commonName
    }
}

// Writes a header for an upstream.
extension ProxyHeader {
    /// Version 1. It has no words for unix sockets: `UNKNOWN` then.
    package var version1: [UInt8] {
        guard case .proxied(let client, let server) = self else { return Array("PROXY UNKNOWN\r\n".utf8) }
        switch (client, server) {
        case (.ipv4(let from, let fromPort), .ipv4(let to, let toPort)):
            return Array("PROXY TCP4 \(Self.text(from)) \(Self.text(to)) \(fromPort) \(toPort)\r\n".utf8)
        case (.unix, _), (_, .unix):
            return Array("PROXY UNKNOWN\r\n".utf8)
        case (.ipv4, .ipv6), (.ipv6, .ipv4), (.ipv6, .ipv6):
            guard let from = client.asIPv6, let to = server.asIPv6 else { return Array("PROXY UNKNOWN\r\n".utf8) }
            let addresses = "\(Self.text(from)) \(Self.text(to))"
            return Array("PROXY TCP6 \(addresses) \(from.port) \(to.port)\r\n".utf8)
        }
    }

    /// Version 2, with a checksum if asked for.
    package func version2(tls: ProxyTLS? = nil, hasChecksum: Bool = false) -> [UInt8] {
        var bytes = ProxyHeaderV2.signature
        var (family, addresses) = (ProxyHeaderV2.Family.unspecified, [UInt8]())
        if case .proxied(let client, let server) = self { (family, addresses) = Self.addresses(client, server) }
        var values = tls.map { $0.value } ?? []
        if hasChecksum { values += [ProxyHeaderV2.ValueKind.checksum, 0, 4, 0, 0, 0, 0] }
        bytes.append(self == .local ? 0x20 : 0x21)
        bytes.append(family.rawValue)
        bytes.append(big16: UInt16(clamping: addresses.count + values.count))
        bytes += addresses + values
        guard hasChecksum else { return bytes }
        let place = bytes.count - 4..<bytes.count
        var checksum: [UInt8] = []
        checksum.append(big32: CRC32C.checksum(bytes.span, zeroing: place))
        bytes.replaceSubrange(place, with: checksum)
        return bytes
    }

    private static func addresses(
        _ client: ProxyEndpoint, _ server: ProxyEndpoint
    ) -> (ProxyHeaderV2.Family, [UInt8]) {
        var bytes: [UInt8] = []
        switch (client, server) {
        case (.ipv4(let from, let fromPort), .ipv4(let to, let toPort)):
            bytes.append(big32: from)
            bytes.append(big32: to)
            bytes.append(big16: fromPort)
            bytes.append(big16: toPort)
            return (.ipv4, bytes)
        case (.unix(let from), .unix(let to)):
            for path in [from, to] {
                bytes += (path + [UInt8](repeating: 0, count: ProxyHeaderV2.unixPathBytes))
                    .prefix(ProxyHeaderV2.unixPathBytes)
            }
            return (.unix, bytes)
        case (.unix, .ipv4), (.unix, .ipv6), (.ipv4, .unix), (.ipv6, .unix):
            return (.unspecified, [])
        case (.ipv4, .ipv6), (.ipv6, .ipv4), (.ipv6, .ipv6):
            guard let from = client.asIPv6, let to = server.asIPv6 else { return (.unspecified, []) }
            for word in [from.high, from.low, to.high, to.low] { bytes.append(big64: word) }
            bytes.append(big16: from.port)
            bytes.append(big16: to.port)
            return (.ipv6, bytes)
        }
    }

    private static func text(_ address: UInt32) -> String {
        (0..<4).map { String(address >> (24 - 8 * UInt32($0)) & 0xFF) }.joined(separator: ".")
    }

    /// All eight groups, which every reader takes.
    private static func text(_ address: (high: UInt64, low: UInt64, port: UInt16)) -> String {
        [address.high, address.low].flatMap { word in
            (0..<4).map { String(word >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) }
        }.joined(separator: ":")
    }
}

extension ProxyEndpoint {
    /// IPv4 as IPv6 carries it (`::ffff:0:0/96`).
    fileprivate var asIPv6: (high: UInt64, low: UInt64, port: UInt16)? {
        switch self {
        case .ipv4(let address, let port): (0, 0xFFFF_0000_0000 | UInt64(address), port)
        case .ipv6(let high, let low, let port): (high, low, port)
        case .unix: nil
        }
    }
}

extension ProxyTLS {
    /// `PP2_TYPE_SSL`: client bits, the result of verification, and values of its own.
    fileprivate var value: [UInt8] {
        // PP2_CLIENT_SSL, and PP2_CLIENT_CERT_CONN with PP2_CLIENT_CERT_SESS.
        var inner: [UInt8] = [self.commonName == nil ? 0x01 : 0x07]
        // 0 stands for a certificate that was verified.
        inner.append(big32: self.commonName == nil ? 1 : 0)
        inner.append(ProxyHeaderV2.ValueKind.tlsVersion, self.version)
        if let name = self.commonName { inner.append(ProxyHeaderV2.ValueKind.tlsCommonName, name) }
        inner.append(ProxyHeaderV2.ValueKind.tlsCipher, self.cipher)
        var bytes: [UInt8] = [ProxyHeaderV2.ValueKind.tls]
        bytes.append(big16: UInt16(clamping: inner.count))
        return bytes + inner
    }
}

extension [UInt8] {
    fileprivate mutating func append(big16 value: UInt16) {
        self += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    fileprivate mutating func append(big32 value: UInt32) {
        self.append(big16: UInt16(truncatingIfNeeded: value >> 16))
        self.append(big16: UInt16(truncatingIfNeeded: value))
    }

    fileprivate mutating func append(big64 value: UInt64) {
        self.append(big32: UInt32(truncatingIfNeeded: value >> 32))
        self.append(big32: UInt32(truncatingIfNeeded: value))
    }

    /// A value with its kind and length; what is longer than any name has business to be is cut.
    fileprivate mutating func append(_ kind: UInt8, _ text: String) {
        let bytes = text.utf8.prefix(256)
        self.append(kind)
        self.append(big16: UInt16(bytes.count))
        self += bytes
    }
}
