import HTTPSemantics
import SimulatedIO
import Testing

/// Servers that answer before they have the request.
@Suite struct EarlyAnswerTests {
    private static let bodyBytes = 1 << 20

    /// Whatever the network does: the client gets the answer, and 502 only where there was none.
    @Test(arguments: Seed.some(40), ["length", "chunked"])
    func anEarlyAnswerIsTheAnswer(_ seed: Seed, _ framing: String) {
        var options = ProxyHarness.Options()
        options.faults = .rough
        let harness = ProxyHarness(seed, options)
        harness.connector.cuts = .random
        let answer = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n\r\ntoo big"
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.readBytesMax = 0
            server.send(answer)
        }
        let client = harness.connect()
        let body = [UInt8](repeating: 0x61, count: Self.bodyBytes)
        if framing == "length" {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: \(body.count)\r\n\r\n")
            client.send(body)
        } else {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n")
            for start in stride(from: 0, to: body.count, by: 1 << 16) {
                client.send("10000\r\n")
                client.send(Array(body[start..<start + (1 << 16)]))
                client.send("\r\n")
            }
            client.send("0\r\n\r\n")
        }
        let isAnswered = harness.run {
            // It leaves behind its answer, with a reset for all that still comes.
            if let server = harness.connector.servers.first, server.readBytesMax == 0, server.unsentCount == 0 {
                server.close()
            }
            return client.received.contains("too big") || client.received.contains("502")
        }
        #expect(isAnswered, "\(seed)")
        #expect(client.received.text.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"), "\(seed)")
        #expect(client.received.contains("Connection: close\r\n"), "\(seed)")
        #expect(harness.remainsAfterwards() == [], "\(seed)")
    }

    /// What is left of a request that was answered is read no more: the client is told before the end (RFC 9112
    /// section 9.6). Who has sent all of it goes on.
    @Test(arguments: ["Content-Length: 5\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"], [true, false])
    func whoWasAnsweredTooEarlyIsToldThatItIsTheEnd(_ framing: String, _ isWhole: Bool) {
        let body = framing.hasPrefix("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n"
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            guard request.contains(isWhole ? body : "\r\n\r\n") else { return }
            request = []
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let client = harness.connect()
        client.send("POST / HTTP/1.1\r\nHost: app\r\n\(framing)" + (isWhole ? body : ""))
        #expect(harness.run { client.received.contains("\r\n\r\n") })
        #expect(client.received.contains("Connection: close\r\n") != isWhole, "\(client.received.text)")
        #expect(harness.loop.run(for: ProxyHarness.second / 2) { client.hasSeenEnd } != isWhole)
        client.close()
        #expect(harness.remainsAfterwards() == [])
    }

    /// Interim answers wait for the client as content does; one that takes nothing of them is given up.
    @Test(arguments: [true, false])
    func interimAnswersWaitForTheClient(_ readsAtLast: Bool) {
        let interim = "HTTP/1.1 103 Early Hints\r\nLink: " + String(repeating: "a", count: 10_000) + "\r\n\r\n"
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            for _ in 0..<100 { server.send(interim) }
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        }
        let client = harness.connect()
        client.readBytesMax = 0
        client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n")
        _ = harness.loop.run(for: 10 * ProxyHarness.second) { false }
        #expect(client.stream.unsentCount < 1 << 19)
        if readsAtLast {
            client.readBytesMax = nil
            #expect(harness.run { client.received.suffix(5) == Array("hello".utf8)[...] })
        } else {
            #expect(harness.run { client.hasSeenEnd || client.wasReset || !client.stream.isOpen })
        }
        client.close()
        #expect(harness.remainsAfterwards() == [])
    }
}
