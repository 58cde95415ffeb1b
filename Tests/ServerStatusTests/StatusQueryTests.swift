import Addresses
import Configuration
@testable import ServerStatus
import SystemCalls
import Testing

@Suite struct StatusQueryTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "200 ab"),
        ("HTTP/1.0 200 OK\r\ncontent-length:2\r\nA: b\r\n\r\nab", "200 ab"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 "),
        ("HTTP/1.1 404 Not Found\r\n\r\nwhatever", "404 "),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab", nil),
        ("HTTP/1.1 200 OK\r\n\r\nab", nil),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nil),
        ("HTTP/2 200\r\n\r\n", nil),
        ("SSH-2.0-x\r\n\r\n", nil),
        ("\r\n\r\n", nil),
        ("HTTP/1.1\r\n\r\n", nil),
        ("HTTP/1.1 abc\r\n\r\n", nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", nil),
        ("", nil),
    ] as [(String, String?)])
    func answersAreTakenWholeOrNotAtAll(answer: String, expected: String?) {
        let parsed = StatusQuery.parse(Array(answer.utf8))
        #expect(parsed.map { "\($0.status) \(String(decoding: $0.body, as: UTF8.self))" } == expected)
    }

    @Test func theRequestNamesTheAddress() throws {
        let four = StatusQuery.request(to: .tcp(.loopback, port: 8081))
        #expect(String(decoding: four, as: UTF8.self).contains("\r\nHost: 127.0.0.1:8081\r\n"))
        let unix = StatusQuery.request(to: .unix(path: "/run/a b\r\nX: y"))
        #expect(String(decoding: unix, as: UTF8.self).contains("\r\nHost: localhost\r\n"))
    }

    @Test func nobodyThereIsAFailureWithAWayOut() throws {
        let free = try Socket.localAddress(
            try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false))
        let address = ListenAddress.tcp(.loopback, port: try #require(free.port))
        #expect(throws: StatusFailure.nobodyAnswers(address.description)) { try StatusQuery.ask(address) }
        #expect("\(StatusFailure.nobodyAnswers("a"))".contains("--metrics-listen a"))
        #expect(throws: StatusFailure.nobodyAnswers("unix:/nowhere/at/all")) {
            try StatusQuery.ask(.unix(path: "/nowhere/at/all"))
        }
    }
}
