/// The ciphers of both versions in OpenSSL's spelling.
package struct CipherChoice: Equatable, Sendable {
    /// For TLS 1.2: forward secrecy and authenticated encryption only (Mozilla's "intermediate" profile). The order is
    /// ours, but a client that begins with ChaCha20 has no instructions for AES, and gets it.
    package static let modern = CipherChoice(
        ciphers: [
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        ].joined(separator: ":"),
        suites: "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")

    /// TLS 1.2.
    let ciphers: String
    /// TLS 1.3.
    let suites: String

    private init(ciphers: String, suites: String) {
        self.ciphers = ciphers
        self.suites = suites
    }

    /// One list for both, separated by colons, commas or spaces: the names of TLS 1.3 begin with `TLS_`. A version that
    /// the list does not mention keeps what is modern.
    package init(_ text: String) {
        let names = text.split { ":, ".contains($0) }
        let suites = names.filter { $0.hasPrefix("TLS_") }
        let ciphers = names.filter { !$0.hasPrefix("TLS_") }
        self.ciphers = ciphers.isEmpty ? Self.modern.ciphers : ciphers.joined(separator: ":")
        self.suites = suites.isEmpty ? Self.modern.suites : suites.joined(separator: ":")
    }
}
