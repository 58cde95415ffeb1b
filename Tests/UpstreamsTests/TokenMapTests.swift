import Testing
import Upstreams

@Suite struct TokenMapTests {
    private static func read(_ text: String, _ reader: TokenMapReader = TokenMapReader()) -> TokenMapReader {
        var reader = reader
        reader.read(Array(text.utf8), name: "t")
        return reader
    }

    @Test func linesAreRead() throws {
        let reader = Self.read(
            """
            # machines
            one: 127.0.0.1:5901

              two :\t[::1]:5902  \r
            a/b?c=d:unix:/run/x y.sock
            """)
        #expect(reader.diagnostics == [])
        #expect(reader.map.count == 3)
        #expect(reader.map["one"] == .host("127.0.0.1", port: 5901))
        #expect(reader.map["two"] == .host("::1", port: 5902))
        #expect(reader.map["a/b?c=d"] == .unix(path: "/run/x y.sock"))
        #expect(reader.map["three"] == nil)
        #expect(reader.map[""] == nil)
    }

    @Test(arguments: [
        ("x", "t:1:1: no colon; write token: host:port"),
        ("\n  x y", "t:2:3: no colon; write token: host:port"),
        (": h:1", "t:1:1: no token before the colon"),
        ("x y: h:1", "t:1:2: a token is printable ASCII without blanks"),
        ("\u{e9}: h:1", "t:1:1: a token is printable ASCII without blanks"),
        ("x:", "t:1:3: no server behind the token"),
        ("x:   ", "t:1:3: no server behind the token"),
        ("a: b:1\nx:  h", "t:2:5: no port; write host:port, or unix:/path"),
        ("x: h:1 # no", "t:1:4: the port is no number from 1 to 65535"),
        ("x: h/i:1", "t:1:4: neither a host name (letters, digits, dots, hyphens, underscores) nor an address"),
        ("x: ::1:80", "t:1:4: an IPv6 address needs brackets; write [::1]:5900"),
        ("x: h:1\nx: h:2", "t:2:1: the token is taken already: t:1"),
        (
            String(repeating: "x", count: 129) + ": h:1",
            "t:1:1: a token longer than 128 bytes"
        ),
    ])
    func mistakesHaveAPlace(_ text: String, _ diagnostic: String) {
        let reader = Self.read(text)
        #expect(reader.diagnostics.map(\.description) == [diagnostic])
    }

    @Test func filesOfAFolderAreOneMap() {
        var reader = Self.read("a: h:1\n")
        reader.read(Array("b: h:2\na: h:3\n".utf8), name: "u")
        reader.note("cannot be read: permission denied", name: "v")
        #expect(reader.map.count == 2)
        #expect(
            reader.diagnostics.map(\.description) == [
                "u:2:1: the token is taken already: t:1", "v: cannot be read: permission denied",
            ])
    }

    @Test func allMistakesAreToldUpToABound() {
        let reader = Self.read(String(repeating: "x\n", count: 1000))
        #expect(reader.diagnostics.count == TokenMapReader.diagnosticsMax)
        #expect(reader.diagnostics.last?.line == TokenMapReader.diagnosticsMax)
    }

    @Test func rubbishIsNoTrap() {
        var word: UInt64 = 1
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(word % 40) {
                word = StableHash.mix(word)
                let special = Array(": \n\r\t#[]/unix.1a".utf8)
                let any = UInt8(truncatingIfNeeded: word >> 8)
                bytes.append(word % 7 == 0 ? any : special[Int(word >> 8) % special.count])
            }
            word = StableHash.mix(word)
            var reader = TokenMapReader()
            reader.read(bytes, name: "t")
            for diagnostic in reader.diagnostics { #expect(diagnostic.column > 0) }
        }
    }
}
