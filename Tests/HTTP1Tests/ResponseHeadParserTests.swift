import HTTP1
import HTTPSemantics
import Testing

/// An answer's head and what becomes of it.
struct AnswerRow: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: [UInt8]
    let outcome: AnswerOutcome

    init(_ name: String, _ wire: String, _ outcome: AnswerOutcome) {
        self.name = name
        self.wire = Array(wire.utf8)
        self.outcome = outcome
    }

    var testDescription: String { self.name }
}

enum AnswerOutcome: Hashable, Sendable {
    case more
    case head(UInt16, words: String, minorVersion: Int, HeaderFields, bytesUsed: Int)
    case refused(ResponseViolation)
}

extension ResponseHeadParser {
    mutating func outcome(_ bytes: ArraySlice<UInt8>) -> AnswerOutcome {
        let bytes = Array(bytes)
        do throws(ResponseViolation) {
            guard let (answer, used) = try self.parse(bytes.span) else { return .more }
            let status = answer.head.status
            return .head(
                status.code, words: status.reason, minorVersion: answer.minorVersion, answer.head.fields,
                bytesUsed: used)
        } catch {
            return .refused(error)
        }
    }
}

@Suite struct ResponseHeadParserTests {
    private static func accepted(_ name: String, _ head: String, _ outcome: AnswerOutcome) -> AnswerRow {
        AnswerRow(name, head + "behind", outcome)
    }

    static let rows: [AnswerRow] = [
        accepted(
            "plain", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
            .head(200, words: "OK", minorVersion: 1, ["A": "b"], bytesUsed: 25)),
        accepted(
            "no words", "HTTP/1.0 404 \r\n\r\n",
            .head(404, words: "", minorVersion: 0, [:], bytesUsed: 17)),
        accepted(
            "no space behind the code", "HTTP/1.1 204\r\n\r\n",
            .head(204, words: "", minorVersion: 1, [:], bytesUsed: 16)),
        accepted(
            "words of many words", "HTTP/1.1 301 Moved for good\r\n\r\n",
            .head(301, words: "Moved for good", minorVersion: 1, [:], bytesUsed: 31)),
        accepted(
            "a repeated field", "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n",
            .head(200, words: "OK", minorVersion: 1, ["Set-Cookie": "a", "Set-Cookie": "b"], bytesUsed: 49)),
        AnswerRow("HTTP/2", "HTTP/2.0 200 OK\r\n", .refused(.unsupportedVersion)),
        AnswerRow("HTTP/0.9", "<html>\r\n", .refused(.malformedStatusLine)),
        AnswerRow("lower case", "http/1.1 200 OK\r\n", .refused(.malformedStatusLine)),
        AnswerRow("two digits", "HTTP/1.1 20 OK\r\n", .refused(.malformedStatusLine)),
        AnswerRow("four digits", "HTTP/1.1 2000 OK\r\n", .refused(.malformedStatusLine)),
        AnswerRow("code below 100", "HTTP/1.1 099 No\r\n", .refused(.malformedStatusLine)),
        AnswerRow("two spaces", "HTTP/1.1  200 OK\r\n", .refused(.malformedStatusLine)),
        AnswerRow("an empty line first", "\r\nHTTP/1.1 200 OK\r\n", .refused(.malformedStatusLine)),
        AnswerRow("bare LF", "HTTP/1.1 200 OK\nA: b\n\n", .refused(.malformedLine)),
        AnswerRow("bare CR", "HTTP/1.1 200 OK\rA: b", .refused(.malformedLine)),
        AnswerRow("NUL", "HTTP/1.1 200 O\0", .refused(.malformedLine)),
        AnswerRow("folded", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n", .refused(.malformedField)),
        AnswerRow("space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n", .refused(.malformedField)),
        AnswerRow("no colon", "HTTP/1.1 200 OK\r\nA\r\n", .refused(.malformedField)),
    ]

    @Test(arguments: rows)
    func theOutcomeDoesNotDependOnTheCuts(_ row: AnswerRow) {
        var trickled = ResponseHeadParser()
        for cut in 0...row.wire.count {
            var parser = ResponseHeadParser()
            let early = parser.outcome(row.wire[..<cut])
            let byteByByte = trickled.outcome(row.wire[..<cut])
            let final = early == .more ? parser.outcome(row.wire[...]) : early
            #expect(final == row.outcome, "cut at \(cut)")
            #expect(byteByByte == early, "byte by byte up to \(cut)")
            if case .head = byteByByte { return }
        }
    }

    @Test func aHeadWithoutEndIsRefused() {
        var limits = ResponseHeadLimits()
        limits.bytesMax = 64
        limits.fieldCountMax = 2
        let long = Array("HTTP/1.1 200 OK\r\nA: \(String(repeating: "b", count: 80))".utf8)
        var parser = ResponseHeadParser(limits: limits)
        let tooLong = parser.outcome(long[...])
        #expect(tooLong == .refused(.headTooLarge(bytesMax: 64)))
        let many = Array("HTTP/1.1 200 OK\r\nA: b\r\nA: b\r\nA: b\r\n\r\n".utf8)
        parser = ResponseHeadParser(limits: limits)
        let tooMany = parser.outcome(many[...])
        #expect(tooMany == .refused(.tooManyFields(countMax: 2)))
    }
}

@Suite struct BodyFramingTests {
    private static func framing(
        _ status: Int, _ fields: HeaderFields, to method: String = "GET", minorVersion: Int = 1
    ) -> Result<BodyFraming, ResponseViolation> {
        guard let status = Status(code: status, reason: "") else { return .failure(.malformedStatusLine) }
        let answer = ReceivedHead(head: ResponseHead(status: status, fields: fields), minorVersion: minorVersion)
        do throws(ResponseViolation) {
            return .success(try BodyFraming(of: answer, to: method))
        } catch {
            return .failure(error)
        }
    }

    @Test func theEndOfABodyHasOneReading() {
        #expect(Self.framing(200, ["Content-Length": "5"]) == .success(.length(5)))
        #expect(Self.framing(200, ["Content-Length": "0"]) == .success(.none))
        #expect(Self.framing(200, ["Transfer-Encoding": "chunked"]) == .success(.chunked))
        #expect(Self.framing(200, ["transfer-encoding": "Chunked"]) == .success(.chunked))
        #expect(Self.framing(200, [:]) == .success(.untilClose))
        #expect(Self.framing(200, ["Content-Length": "5"], to: "HEAD") == .success(.none))
        #expect(Self.framing(204, ["Content-Length": "5"]) == .success(.none))
        #expect(Self.framing(304, ["Content-Length": "5"]) == .success(.none))
        #expect(Self.framing(103, ["Link": "x"]) == .success(.none))
    }

    /// BEHAVIOUR section 2, seen from the other side: what two readers could read in two ways goes no further.
    @Test func twoReadingsAreNone() {
        #expect(
            Self.framing(200, ["Content-Length": "5", "Transfer-Encoding": "chunked"])
                == .failure(.contentLengthWithTransferEncoding))
        #expect(
            Self.framing(200, ["Content-Length": "5", "Content-Length": "5"]) == .failure(.duplicateContentLength))
        for length in ["", "+5", "-1", "0x5", "5, 5", "5 5", "99999999999999999999"] {
            #expect(
                Self.framing(200, ["Content-Length": FieldValue(length)]) == .failure(.invalidContentLength),
                "\(length)")
        }
        for coding in ["gzip", "gzip, chunked", "chunked, chunked", "chunked, gzip", "xchunked", "chunked;q=1"] {
            #expect(
                Self.framing(200, ["Transfer-Encoding": FieldValue(coding)]) == .failure(.unsupportedTransferCoding),
                "\(coding)")
        }
        #expect(
            Self.framing(200, ["Transfer-Encoding": "chunked"], minorVersion: 0)
                == .failure(.transferEncodingBeforeHTTP11))
        // Also where nothing follows: the next reader may think otherwise.
        #expect(
            Self.framing(204, ["Content-Length": "5", "Transfer-Encoding": "chunked"])
                == .failure(.contentLengthWithTransferEncoding))
    }
}
