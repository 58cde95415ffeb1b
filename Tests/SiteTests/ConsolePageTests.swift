@testable import Site
import Testing

@Suite struct ConsolePageTests {
    @Test(arguments: [
        ("empty", "", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="),
    ])
    func hashOfKnownText(name: String, text: String, expected: String) {
        #expect(base64(SHA256.digest(of: Array(text.utf8))) == expected)
    }

    /// When the page was edited, the failure shows the hash to write into `ConsolePage`.
    @Test(arguments: ["style", "script"])
    func policyNamesTheHash(part: String) {
        let isStyle = part == "style"
        let computed = base64(SHA256.digest(of: Array((isStyle ? ConsolePage.style : ConsolePage.script).utf8)))
        let written = isStyle ? ConsolePage.styleHash : ConsolePage.scriptHash
        #expect(computed == written, "the \(part) changed: its hash is \(computed)")
    }

    @Test func pageIsSelfContained() {
        let html = ConsolePage.html
        #expect(html.utf8.count < 20 * 1024)
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", " style=", " src="] {
            #expect(!html.contains(forbidden), "\(forbidden)")
        }
        #expect(html.split(separator: "<script>").count == 2)
        #expect(html.split(separator: "<style>").count == 2)
    }

    @Test func noInlineHandlers() {
        let markup = ConsolePage.head + ConsolePage.body
        for event in ["onclick", "onload", "onerror", "onsubmit", "onkeydown", "onchange"] {
            #expect(!markup.contains(event))
        }
    }

    @Test func policyStartsWithNothing() {
        let directives = ConsolePage.contentSecurityPolicy.split(separator: ";")
        #expect(directives.first == "default-src 'none'")
        #expect(!ConsolePage.contentSecurityPolicy.contains("unsafe"))
        #expect(directives.contains(" frame-ancestors 'none'"))
    }
}
