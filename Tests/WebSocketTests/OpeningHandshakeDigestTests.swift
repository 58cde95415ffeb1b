import Testing
import WebSocket

@Suite struct OpeningHandshakeDigestTests {
    /// RFC 3174 section 7.3, the empty message, and every length around the padding's edge.
    @Test(arguments: [
        ("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        (
            "0123456701234567012345670123456701234567012345670123456701234567", 10,
            "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
    ])
    func vectors(_ text: String, _ repetitions: Int, _ digest: String) {
        let message = String(repeating: text, count: repetitions)
        #expect(sha1(Array(message.utf8)) == digest)
    }

    @Test(arguments: [
        (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"), (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
        (63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"), (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        (65, "11655326c708d70319be2610e8a57d9a5b959d3b"),
    ])
    func edgesOfThePadding(_ count: Int, _ digest: String) {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        #expect(sha1(message) == digest)
    }

    /// Every length of up to three blocks: the digest of all their digests, as coreutils and Python have it.
    @Test func everyLength() {
        var digests: [UInt8] = []
        for count in 0..<200 {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + count) }
            let digest = SHA1.digest(of: message.span)
            for index in 0..<SHA1.digestBytes { digests.append(digest[index]) }
        }
        #expect(sha1(digests) == "c2add6cb3908952ddaf192d7f14c30588649e3b5")
    }

    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64Vectors(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8).span) == Array(encoded.utf8))
        #expect(Base64.decodedCount(Array(encoded.utf8).span) == text.utf8.count)
    }

    @Test func base64KnowsEveryDigit() {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min...UInt8.max {
            let text = Base64.encode([byte, byte, byte].span)
            let bits = Int(byte) << 16 | Int(byte) << 8 | Int(byte)
            #expect(text == [18, 12, 6, 0].map { digits[bits >> $0 & 0x3F] })
            let isDigit = Base64.decodedCount([0x41, 0x41, 0x41, byte].span) == 3
            #expect(isDigit == digits.contains(byte), "\(byte)")
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9\u{e9}", "Zg=a", "=Zg=", "Zm-_",
    ])
    func base64Refuses(_ text: String) {
        #expect(Base64.decodedCount(Array(text.utf8).span) == nil)
    }

    private func sha1(_ message: [UInt8]) -> String {
        let digest = SHA1.digest(of: message.span)
        return digest.indices.map { (digest[$0] < 16 ? "0" : "") + String(digest[$0], radix: 16) }.joined()
    }
}
