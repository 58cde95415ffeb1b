import HTTP1
import HTTPSemantics
import Testing

@Suite struct RequestHeadViolationTests {
    static let requestLines: [HeadRow] = [
        HeadRow("TLS", bytes: [0x16, 0x03, 0x01, 0x02, 0x00], .refused(.tlsOnPlainConnection)),
        HeadRow("garbage", bytes: [0x47, 0x01, 0x03], .refused(.invalidByte(1))),
        HeadRow("NUL", "GET /\u{0} HTTP/1.1\r\n", .refused(.nulByte)),
        HeadRow("DEL", "GET /\u{7F} HTTP/1.1\r\n", .refused(.invalidByte(0x7F))),
        HeadRow("bare LF", "GET / HTTP/1.1\nHost: a\n\n", .refused(.bareLineFeed)),
        HeadRow("bare CR", "GET / HTTP/1.1\rHost: a\r\r", .refused(.bareCarriageReturn)),
        HeadRow("CR CR LF", "GET / HTTP/1.1\r\r\n", .refused(.bareCarriageReturn)),
        HeadRow("bare LF in front", "\nGET / HTTP/1.1\r\n", .refused(.bareLineFeed)),
        HeadRow("two empty lines", "\r\n\r\nGET / HTTP/1.1\r\n", .refused(.tooManyEmptyLines)),
        HeadRow("HTTP/0.9", "GET /\r\n", .refused(.malformedRequestLine)),
        HeadRow("four parts", "GET / / HTTP/1.1\r\n", .refused(.malformedRequestLine)),
        HeadRow("space behind", "GET / HTTP/1.1 \r\n", .refused(.malformedRequestLine)),
        HeadRow("space in front", " GET / HTTP/1.1\r\n", .refused(.malformedRequestLine)),
        HeadRow("two spaces", "GET  / HTTP/1.1\r\n", .refused(.malformedRequestLine)),
        HeadRow("no target", "GET  HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("tab", "GET\t/\tHTTP/1.1\r\n", .refused(.malformedRequestLine)),
        HeadRow("tab in the target", "GET /\t HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("no method", " / HTTP/1.1\r\n", .refused(.invalidMethod)),
        HeadRow("method", "G(T / HTTP/1.1\r\n", .refused(.invalidMethod)),
        HeadRow("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .refused(.unsupportedVersion)),
        HeadRow("HTTP/0.1", "GET / HTTP/0.1\r\n", .refused(.unsupportedVersion)),
        HeadRow("lower case", "GET / http/1.1\r\n", .refused(.malformedRequestLine)),
        HeadRow("short version", "GET / HTTP/1\r\n", .refused(.malformedRequestLine)),
        HeadRow("long version", "GET / HTTP/1.10\r\n", .refused(.malformedRequestLine)),
        HeadRow("not HTTP", "EHLO there friend\r\n", .refused(.malformedRequestLine)),
        HeadRow("CONNECT", "CONNECT a:443 HTTP/1.1\r\n", .refused(.connectMethod)),
        HeadRow("fragment", "GET /a#b HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("beyond ASCII", "GET /\u{e9} HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("asterisk with GET", "GET * HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("no slash", "GET a HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("other scheme", "GET ftp://a/ HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("no host", "GET http:///a HTTP/1.1\r\n", .refused(.invalidTarget)),
        HeadRow("user information", "GET http://u@a/ HTTP/1.1\r\n", .refused(.invalidTarget)),
    ]

    @Test(arguments: requestLines) func requestLineIsRefusedAtAnyCut(_ row: HeadRow) { expectConsistent(row) }

    private static func fields(_ name: String, _ lines: String, _ violation: RequestHeadViolation) -> HeadRow
    {
        HeadRow(name, "GET / HTTP/1.1\r\n" + lines + "\r\n\r\n", .refused(violation))
    }

    static let fieldLines: [HeadRow] = [
        fields("folded", "Host: a\r\nX: 1\r\n 2", .foldedLine),
        fields("folded with a tab", "Host: a\r\nX: 1\r\n\t2", .foldedLine),
        fields("space before the first name", " Host: a", .foldedLine),
        fields("line of spaces", "Host: a\r\n  ", .foldedLine),
        fields("space before colon", "Host : a", .spaceBeforeColon),
        fields("tab before colon", "Host\t: a", .spaceBeforeColon),
        fields("no colon", "Host", .missingColon),
        fields("no name", ": a", .invalidFieldName),
        fields("space in the name", "X Y: a", .invalidFieldName),
        fields("bracket in the name", "X[: a", .invalidFieldName),
        fields("beyond ASCII in the name", "X\u{e9}: a", .invalidFieldName),
        fields("NUL in a value", "Host: a\u{0}b", .nulByte),
        fields("NUL in a name", "Ho\u{0}st: a", .nulByte),
        fields("escape in a value", "Host: a\r\nX: \u{1B}[0m", .invalidByte(0x1B)),
        fields("bare LF", "Host: a\nX: b", .bareLineFeed),
        fields("bare CR", "Host: a\rX: b", .bareCarriageReturn),
        HeadRow("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .refused(.bareLineFeed)),
        HeadRow("bare CR at the end", "GET / HTTP/1.1\r\nHost: a\r\n\rX", .refused(.bareCarriageReturn)),
        fields("no Host", "X: 1", .missingHost),
        fields("two Hosts", "Host: a\r\nhost: a", .duplicateHost),
        fields("Host with a path", "Host: a/b", .invalidHost),
        fields("Host list", "Host: a, b", .invalidHost),
        fields("two lengths", "Host: a\r\nContent-Length: 1\r\nContent-Length: 1", .duplicateContentLength),
        fields("list of lengths", "Host: a\r\nContent-Length: 1, 1", .invalidContentLength),
        fields("signed length", "Host: a\r\nContent-Length: +1", .invalidContentLength),
        fields("negative length", "Host: a\r\nContent-Length: -1", .invalidContentLength),
        fields("empty length", "Host: a\r\nContent-Length:", .invalidContentLength),
        fields("hexadecimal length", "Host: a\r\nContent-Length: 0x1", .invalidContentLength),
        fields("length beyond Int", "Host: a\r\nContent-Length: 9223372036854775808", .invalidContentLength),
        fields(
            "CL with TE", "Host: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked",
            .contentLengthWithTransferEncoding),
        fields(
            "TE with CL", "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3",
            .contentLengthWithTransferEncoding),
        fields("unknown coding", "Host: a\r\nTransfer-Encoding: xchunked", .invalidTransferEncoding),
        fields("identity", "Host: a\r\nTransfer-Encoding: identity", .invalidTransferEncoding),
        fields("empty coding", "Host: a\r\nTransfer-Encoding:", .invalidTransferEncoding),
        fields("chunked twice", "Host: a\r\nTransfer-Encoding: chunked, chunked", .invalidTransferEncoding),
        fields(
            "chunked in two fields", "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            .invalidTransferEncoding),
        fields("chunked first", "Host: a\r\nTransfer-Encoding: chunked, gzip", .invalidTransferEncoding),
        fields("vertical tab", "Host: a\r\nTransfer-Encoding: \u{B}chunked", .invalidByte(0x0B)),
        fields("gzip", "Host: a\r\nTransfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        HeadRow(
            "TE in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            .refused(.transferEncodingBeforeHTTP11)),
        HeadRow(
            "Host differs", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", .refused(.hostDiffersFromTarget)),
        HeadRow(
            "port differs", "GET http://a/ HTTP/1.1\r\nHost: a:8080\r\n\r\n", .refused(.hostDiffersFromTarget)
        ),
        HeadRow(
            "no Host with a host in the target", "GET http://a/ HTTP/1.1\r\n\r\n", .refused(.missingHost)),
    ]

    @Test(arguments: fieldLines) func fieldsAreRefusedAtAnyCut(_ row: HeadRow) { expectConsistent(row) }

    @Test(arguments: [
        (RequestHeadViolation.requestLineTooLong(bytesMax: 1), Status.uriTooLong),
        (.headerTooLarge(bytesMax: 1), .requestHeaderFieldsTooLarge),
        (.tooManyFields(countMax: 1), .requestHeaderFieldsTooLarge),
        (.unsupportedVersion, .httpVersionNotSupported),
        (.connectMethod, .notImplemented), (.unsupportedTransferCoding, .notImplemented),
        (.nulByte, .badRequest),
    ])
    func statusOfAViolation(_ violation: RequestHeadViolation, _ status: Status) {
        #expect(violation.status == status)
        #expect(!violation.reason.utf8.contains(UInt8(ascii: "\n")))
    }
}
