// Reads a header, in either version, from the first bytes of a connection.
extension ProxyHeader {
    /// The header at the begin of `bytes` and its length; nil: more is needed. To be called again with all bytes so
    /// far; what cannot become a header is refused at its first wrong byte.
    package static func parse(
        _ bytes: Span<UInt8>
    ) throws(ProxyHeaderViolation) -> (header: ProxyHeader, bytesUsed: Int)? {
        guard !bytes.isEmpty else { return nil }
        if bytes[0] == ProxyHeaderV2.signature[0] { return try ProxyHeaderV2.parse(bytes) }
        return try ProxyHeaderV1.parse(bytes)
    }
}

extension Span<UInt8> {
    /// Whether the bytes begin with `prefix`, as far as they go.
    func agrees(with prefix: [UInt8]) -> Bool {
        for index in 0..<Swift.min(self.count, prefix.count) where self[index] != prefix[index] { return false }
        return true
    }
}
