import Routing
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("chat", "a path begins with /"), ("", "a path begins with /"), ("/a?b", "no request's path has a query"),
        ("/a#b", "no request's path has a fragment"), ("/a%20b", "paths are compared decoded"),
        ("//", "a request with // is refused"), ("/a//b", "a request with // is refused"),
        ("/a//*", "a request with // is refused"), ("/./a", "a request with a dot segment is refused"),
        ("/a/..", "a request with a dot segment is refused"), ("/*/a", "* stands for everything below a path"),
        ("/a*", "* stands for everything below a path"), ("/**", "* stands for everything below a path"),
        ("/{a}/{a}", "captures {a} twice"), ("/{}", "{} is no capture"), ("/{A}", "{A} is no capture"),
        ("/{1a}", "{1a} is no capture"), ("/{a-b}", "{a-b} is no capture"), ("/x{a}", "x{a} is no capture"),
        ("/{a}x", "{a}x is no capture"), ("/{a", "{a is no capture"), ("/}", "} is no capture"),
        ("/{é}", "{é} is no capture"), ("/a\u{1}", "a request with a control character is refused"),
        ("/{\(String(repeating: "a", count: 33))}", "{\(String(repeating: "a", count: 33))} is no capture"),
    ])
    func aPathThatNoRequestHasIsRefused(_ text: String, _ problem: String) {
        #expect(throws: PatternFault.self) { try PathPattern(text: text) }
        do throws(PatternFault) { _ = try PathPattern(text: text) } catch { #expect(error.problem == problem) }
    }

    @Test(arguments: [
        "", "a.example:80", "a.*.example", "**", "*.", "*a.example", "a..example", ".example", "a.example.", "a b",
        "http://a.example", "a.example/", "é.example",
    ])
    func aHostThatNoRequestNamesIsRefused(_ text: String) {
        #expect(throws: PatternFault.self) { try HostPattern(text: text) }
    }

    @Test(arguments: ["/", "/*", "/a/{b}/c/*", "/a/"])
    func aPatternSaysWhatWasWritten(_ text: String) throws {
        #expect(try PathPattern(text: text).description == text)
    }
}

@Suite struct RequestPathTests {
    @Test(arguments: [
        ("/", [""]), ("/a", ["a"]), ("/a/", ["a", ""]), ("/a%20b/c+d;e", ["a b", "c+d;e"]), ("/%2525", ["%25"]),
        ("/%41%4a%4A", ["AJJ"]), ("/...", ["..."]), ("/.a/b.", [".a", "b."]), ("*", [""]), ("/a\\b", ["a\\b"]),
        ("", [""]), ("/.a", [".a"]), ("/a.", ["a."]), ("/..a/.b/c", ["..a", ".b", "c"]),
    ])
    func aPathIsSplitAndDecodedOnce(_ path: String, _ segments: [String]) throws {
        #expect(try RequestPath(path).bytes == segments.flatMap { [UInt8(ascii: "/")] + Array($0.utf8) })
    }

    @Test func segmentsNeedNotBeUTF8() throws {
        #expect(try RequestPath("/%ff%C3").bytes == [0x2F, 0xFF, 0xC3])
    }

    @Test(arguments: [
        ("/%", PathViolation.malformedEscape), ("/%4", .malformedEscape), ("/%g0", .malformedEscape),
        ("/%0g", .malformedEscape), ("/%%41", .malformedEscape), ("/%+1", .malformedEscape),
        ("/a%00b", .controlByte), ("/a%0Ab", .controlByte), ("/%7f", .controlByte), ("/a%2fb", .encodedSlash),
        ("/%2F", .encodedSlash), ("/.", .dotSegment), ("/a/../b", .dotSegment), ("/a/%2e%2E", .dotSegment),
        ("/a/%2e", .dotSegment), ("/./a", .dotSegment), ("/..", .dotSegment), ("/a/./", .dotSegment),
        ("/.%2e/", .dotSegment), ("//", .emptySegment), ("//a", .emptySegment),
        ("/a//b", .emptySegment), ("/a//", .emptySegment),
    ])
    func aPathThatCouldMeanTwoThingsIsRefused(_ path: String, _ violation: PathViolation) {
        #expect(throws: violation) { try RequestPath(path) }
    }
}
