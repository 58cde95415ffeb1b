/// SHA-256 of a certificate, as browsers and openssl(1) print it: `AB:CD:…`.
package struct Fingerprint: Equatable, Sendable, CustomStringConvertible {
    package let digest: [UInt8]

    package var description: String {
        self.digest.map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + text : text
        }.joined(separator: ":")
    }
}
