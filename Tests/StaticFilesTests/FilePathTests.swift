import HTTPSemantics
import StaticFiles
import Testing

@Suite struct FilePathTests {
    static let rows: [(path: String, bytes: String?, isFolder: Bool)] = [
        ("", "", true), ("/", "", true), ("/a", "a", false), ("/a/", "a", true), ("/a/b.txt", "a/b.txt", false),
        ("/a b", "a b", false), ("/~", "~", false), ("/a..b", "a..b", false), ("/a.", "a.", false),
        ("/.secret", nil, false), ("/a/.git/config", nil, false), ("/..", nil, false), ("/../x", nil, false),
        ("/a/../../x", nil, false), ("/.", nil, false), ("/...", nil, false), ("/a\0b", nil, false),
        ("/.well-known/x", ".well-known/x", false), ("/a/.well-known/x", nil, false), ("/.well-known/.x", nil, false),
        ("//etc/passwd", "etc/passwd", false),
    ]

    @Test(arguments: rows)
    func staysBelow(_ row: (path: String, bytes: String?, isFolder: Bool)) {
        let path = FilePath(decoded: Array(row.path.utf8))
        #expect(path.map { String(decoding: $0.bytes, as: UTF8.self) } == row.bytes)
        if let path { #expect(path.isFolder == row.isFolder) }
    }

    static let endings: [(path: String, ending: String)] = [
        ("a.txt", "txt"), ("a.TXT", "txt"), ("a.tar.gz", "gz"), ("a", ""), ("a.b/c", ""), ("a.", ""), ("", ""),
        (".x", "x"), ("a.abcdefghijklmnop", "abcdefghijklmnop"), ("a.abcdefghijklmnopq", ""),
    ]

    @Test(arguments: endings)
    func findsEndings(_ row: (path: String, ending: String)) {
        #expect(FilePath.ending(of: Array(row.path.utf8)) == row.ending)
    }

    @Test func types() {
        let types = MediaTypes(adding: [("glsl", "text/plain"), ("js", "x/y")])
        #expect(types.type(ofEnding: "html") == "text/html; charset=utf-8")
        #expect(types.type(ofEnding: "js") == "x/y" && types.type(ofEnding: "glsl") == "text/plain")
        #expect(types.type(ofEnding: "") == MediaTypes.unknown && types.type(ofEnding: "zzz") == MediaTypes.unknown)
        #expect(MediaTypes().type(ofEnding: "wasm") == "application/wasm")
        #expect((90...200).contains(MediaTypes.standardCount))
    }

    static let fallbacks: [(text: String, wanted: String, path: String?)] = [
        ("index.html", "/a", "index.html"), ("/index.html", "/", "index.html"), ("{path}.html", "/a/b", "a/b.html"),
        ("{path}.html", "/", nil), ("pages/{path}/x", "/a", "pages/a/x"),
    ]

    @Test(arguments: fallbacks)
    func fallsBack(_ row: (text: String, wanted: String, path: String?)) {
        let wanted = FilePath(decoded: Array(row.wanted.utf8))
        let path = wanted.flatMap { FallbackPath(row.text).path(for: $0) }
        #expect(path.map { String(decoding: $0, as: UTF8.self) } == row.path)
    }

    static let codings: [(fields: HeaderFields, accepted: [ContentCoding])] = [
        ([:], []), (["Accept-Encoding": ""], []), (["Accept-Encoding": "gzip"], [.gzip]),
        (["Accept-Encoding": "gzip, deflate, br, zstd"], [.brotli, .gzip]),
        (["Accept-Encoding": "gzip;q=1.0, br;q=0.5"], [.gzip, .brotli]),
        (["Accept-Encoding": "GZIP ; Q=0.001"], [.gzip]), (["Accept-Encoding": "x-gzip"], [.gzip]),
        (["Accept-Encoding": "gzip;q=0"], []), (["Accept-Encoding": "gzip;q=0.000, *"], [.brotli]),
        (["Accept-Encoding": "*;q=0"], []), (["Accept-Encoding": "br;q=2, gzip;q=x"], []),
        (["Accept-Encoding": "identity"], []), (["Accept-Encoding": "br", "Accept-Encoding": "gzip"], [.brotli, .gzip]),
        (["Accept-Encoding": "gzip;q=0, gzip"], []), (["Accept-Encoding": "gzip;"], [.gzip]),
        (["Accept-Encoding": ";"], []),
    ]

    @Test(arguments: codings)
    func choosesCodings(_ row: (fields: HeaderFields, accepted: [ContentCoding])) {
        #expect(ContentCoding.accepted(row.fields) == row.accepted)
    }

    /// Names of files are text of strangers.
    @Test func listingsAreEscaped() {
        let names = ["<script>", "a&b\"'", "javascript:alert(1)", "//evil", "x\r\ny", ".hidden", "é"]
        let entries = names.map { FolderListing.Entry(name: Array($0.utf8), isFolder: false) }
            + [FolderListing.Entry(name: [0xFF, 0xFE], isFolder: true)]
        let page = String(
            decoding: FolderListing.html(path: Array("/<x>/".utf8), entries, isCut: true, hasParent: true),
            as: UTF8.self)
        for never in ["<script>", "href=\"javascript", "href=\"//", "hidden", "<x>", "y\r\n"] {
            #expect(!page.contains(never), "\(never)")
        }
        for always in ["./%FF%FE/", "&lt;script&gt;", "./javascript%3Aalert", "../", "There are more"] {
            #expect(page.contains(always), "\(always)")
        }
    }
}
