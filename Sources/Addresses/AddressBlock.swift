/// A range of addresses with a common prefix: `10.0.0.0/8`, `2001:db8::/32`, or one address.
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    package let address: IPAddress
    /// Bits of the prefix: at most 32 or 128.
    package let prefixBits: Int

    /// Nil: not an address, a number too large, or bits set behind the prefix, which is mostly a typing mistake.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(version4: first) ?? IPAddress(version6: first) else {
            return nil
        }
        let bitsMax = address.bytes.count * 8
        var bits = bitsMax
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let number = Int(parts[1]), number <= bitsMax
            else { return nil }
            bits = number
        }
        self.address = address
        self.prefixBits = bits
        guard Self.hasNothingBehind(address.bytes, bits) else { return nil }
    }

    /// Whether `address` lies within. IPv4 written as IPv6 (`::ffff:a.b.c.d`) counts as IPv4.
    package func contains(_ address: IPAddress) -> Bool {
        let bytes = address.bytes.count == 16 && self.address.bytes.count == 4 ? Self.version4(address) : address.bytes
        guard let bytes, bytes.count == self.address.bytes.count else { return false }
        let whole = self.prefixBits / 8
        guard bytes[..<whole] == self.address.bytes[..<whole] else { return false }
        let rest = self.prefixBits % 8
        guard rest > 0 else { return true }
        return (bytes[whole] ^ self.address.bytes[whole]) >> (8 - rest) == 0
    }

    private static func version4(_ address: IPAddress) -> [UInt8]? {
        guard address.bytes[..<10].allSatisfy({ $0 == 0 }), address.bytes[10] == 0xFF, address.bytes[11] == 0xFF else {
            return nil
        }
        return Array(address.bytes[12...])
    }

    private static func hasNothingBehind(_ bytes: [UInt8], _ bits: Int) -> Bool {
        for (index, byte) in bytes.enumerated() {
            let kept = min(8, max(0, bits - index * 8))
            guard kept == 8 || byte << kept == 0 else { return false }
        }
        return true
    }

    package var description: String { "\(self.address)/\(self.prefixBits)" }
}
