internal import COpenSSL

/// A certificate for development that signs itself: P-256, for this machine's own names and those given.
package enum SelfSigned {
    package static let days: Int64 = 30
    /// Seconds before its making from which it is valid: other machines' clocks are behind.
    private static let slack: Int64 = 3600
    private static let ownNames = ["localhost", "127.0.0.1", "::1"]

    /// Made anew at each call. `now`: seconds since 1970. Nil when memory is out, or a name is none.
    package static func make(names: [String], now: Int64) -> TLSIdentity? {
        let all = Self.ownNames + names.filter { !Self.ownNames.contains($0) }
        guard all.allSatisfy({ $0.utf8.allSatisfy { 0x20 < $0 && $0 < 0x7F } }) else { return nil }
        var chain: UnsafeMutablePointer<CChar>?
        var key: UnsafeMutablePointer<CChar>?
        var chainCount = 0
        var keyCount = 0
        let isMade = unsafe cossl_self_signed(
            all.joined(separator: "\n"), now &- Self.slack, now &+ Self.days * 86_400,
            &chain, &chainCount, &key, &keyCount)
        guard isMade, let chain = unsafe chain, let key = unsafe key else { return nil }
        defer {
            unsafe cossl_free(chain)
            unsafe cossl_free(key)
        }
        return TLSIdentity(
            chain: NamedBytes(name: "self-signed certificate", bytes: unsafe Self.bytes(chain, chainCount)),
            key: NamedBytes(name: "self-signed key", bytes: unsafe Self.bytes(key, keyCount)))
    }

    private static func bytes(_ pointer: UnsafeMutablePointer<CChar>, _ count: Int) -> [UInt8] {
        unsafe UnsafeBufferPointer(start: pointer, count: count).map { UInt8(bitPattern: $0) }
    }
}
