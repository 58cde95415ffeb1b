/// Version 2, in binary:
///
///     | signature 12 | version 4 bits, command 4 | family 4, transport 4 | length 16 | addresses | values |
enum ProxyHeaderV2 {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    /// Signature, version and command, family, length.
    static let fixedBytes = 16

    /// Section 2.2: families with the stream transport.
    enum Family: UInt8 {
        case unspecified = 0x00
        case ipv4 = 0x11
        case ipv6 = 0x21
        case unix = 0x31

        var addressBytes: Int {
            switch self {
            case .unspecified: 0
            case .ipv4: 12
            case .ipv6: 36
            case .unix: 2 * ProxyHeaderV2.unixPathBytes
            }
        }
    }

    static let unixPathBytes = 108

    static func parse(
        _ bytes: Span<UInt8>
    ) throws(ProxyHeaderViolation) -> (header: ProxyHeader, bytesUsed: Int)? {
        guard bytes.agrees(with: Self.signature) else { throw .missing }
        if bytes.count > 12, bytes[12] != 0x20, bytes[12] != 0x21 {
            throw .malformed("version 2, command 0 or 1 expected")
        }
        guard bytes.count >= Self.fixedBytes else { return nil }
        let end = Self.fixedBytes + Int(bytes.number16(at: 14))
        guard end <= ProxyHeader.bytesMax else { throw .tooLong(limit: ProxyHeader.bytesMax) }
        guard bytes.count >= end else { return nil }
        // LOCAL: the family and what follows mean nothing.
        guard bytes[12] == 0x21 else { return (.local, end) }
        guard let family = Family(rawValue: bytes[13]) else { throw .malformed("not a stream connection") }
        let values = Self.fixedBytes + family.addressBytes
        guard values <= end else { throw .malformed("too short for its addresses") }
        try Self.check(bytes.extracting(0..<end), valuesFrom: values)
        return (Self.header(family, bytes), end)
    }

    private static func header(_ family: Family, _ bytes: Span<UInt8>) -> ProxyHeader {
        switch family {
        case .unspecified:
            .local
        case .ipv4:
            .proxied(
                client: .ipv4(address: bytes.number32(at: 16), port: bytes.number16(at: 24)),
                server: .ipv4(address: bytes.number32(at: 20), port: bytes.number16(at: 26)))
        case .ipv6:
            .proxied(
                client: .ipv6(
                    high: bytes.number64(at: 16), low: bytes.number64(at: 24), port: bytes.number16(at: 48)),
                server: .ipv6(
                    high: bytes.number64(at: 32), low: bytes.number64(at: 40), port: bytes.number16(at: 50)))
        case .unix:
            .proxied(client: .unix(path: bytes.path(at: 16)), server: .unix(path: bytes.path(at: 124)))
        }
    }

    /// Walks over the values behind the addresses and verifies the checksum if there is one.
    private static func check(_ header: Span<UInt8>, valuesFrom start: Int) throws(ProxyHeaderViolation) {
        var offset = start
        while offset < header.count {
            guard header.count - offset >= 3 else { throw .malformed("a value is cut off") }
            let count = Int(header.number16(at: offset + 1))
            guard header.count - offset - 3 >= count else { throw .malformed("a value is cut off") }
            if header[offset] == ValueKind.checksum {
                guard count == 4 else { throw .malformed("a checksum has four bytes") }
                let given = header.number32(at: offset + 3)
                guard CRC32C.checksum(header, zeroing: offset + 3..<offset + 7) == given else { throw .badChecksum }
            }
            offset += 3 + count
        }
    }

    /// Section 2.2.1 and below.
    enum ValueKind {
        static let checksum: UInt8 = 0x03
        static let tls: UInt8 = 0x20
        static let tlsVersion: UInt8 = 0x21
        static let tlsCommonName: UInt8 = 0x22
        static let tlsCipher: UInt8 = 0x23
    }
}

extension Span<UInt8> {
    func number16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }
    func number32(at offset: Int) -> UInt32 {
        UInt32(self.number16(at: offset)) << 16 | UInt32(self.number16(at: offset + 2))
    }
    func number64(at offset: Int) -> UInt64 {
        UInt64(self.number32(at: offset)) << 32 | UInt64(self.number32(at: offset + 4))
    }
    fileprivate func path(at offset: Int) -> [UInt8] {
        var path: [UInt8] = []
        for index in offset..<offset + ProxyHeaderV2.unixPathBytes {
            if self[index] == 0 { break }
            path.append(self[index])
        }
        return path
    }
}
