import Forwarding
import HTTPSemantics
import IOCore
@testable import Proxy
import SimulatedIO
import Testing

/// The head of an answer leaves in front of the content that came with it, in the window that both lie in.
@Suite struct HeldHeadTests {
    enum Framing: CaseIterable { case length, chunked, trailers, untilClose }

    /// Around what one read takes: there a chunk's frame, the head and the end have the least room.
    private static let sizes = [0, 1, 1000] + [-330, -90, -60, -20, -9, -8, -7, -2, -1, 0, 1, 2, 300].map {
        ReceiveWindow.bytesMax + $0
    }

    private static func answer(_ body: [UInt8], _ framing: Framing) -> [UInt8] {
        let size = String(body.count, radix: 16)
        let chunk = body.isEmpty ? [] : Array("\(size)\r\n".utf8) + body + Array("\r\n".utf8)
        switch framing {
        case .length: return Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
        case .chunked:
            return Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + chunk
                + Array("0\r\n\r\n".utf8)
        case .trailers:
            return Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + chunk
                + Array("0\r\nA: b\r\n\r\n".utf8)
        case .untilClose: return Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body
        }
    }

    /// The content of chunks, and what stands behind the last.
    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> (body: [UInt8], rest: String)? {
        var body: [UInt8] = []
        var rest = bytes
        while let lineEnd = rest.firstIndex(of: 13) {
            guard let size = Int(String(decoding: rest[..<lineEnd], as: UTF8.self), radix: 16) else { return nil }
            let start = lineEnd + 2
            guard size > 0 else { return (body, String(decoding: rest[start...], as: UTF8.self)) }
            guard start + size + 2 <= rest.endIndex else { return nil }
            body += rest[start..<start + size]
            rest = rest[(start + size + 2)...]
        }
        return nil
    }

    @Test(arguments: Framing.allCases, [0, 150, 300, 5000])
    func theBodyIsTheSame(_ framing: Framing, _ fieldBytes: Int) throws {
        for size in Self.sizes {
            var options = ProxyHarness.Options()
            options.backpressureMax = 1 << 20
            let large = FieldValue(bytes: [UInt8](repeating: 0x78, count: fieldBytes))
            options.rules.responseEdits = [.set("X-Large", large)]
            let harness = ProxyHarness(Seed(0), options)
            harness.connector.capacity = 1 << 20
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 3) }
            harness.connector.serve = { server, request in
                guard request.contains("\r\n\r\n") else { return }
                request = []
                server.send(Self.answer(body, framing))
                if framing == .untilClose { server.finish() }
            }
            let client = harness.connect(capacity: 1 << 20)
            client.send("GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n")
            #expect(harness.run { client.hasSeenEnd })
            let received = client.received
            let mark = Array("\r\n\r\n".utf8)
            let isMark = { received[$0] == 13 && received[$0...].starts(with: mark) }
            let headEnd = try #require(received.indices.first(where: isMark))
            let content = received[(headEnd + 4)...]
            switch framing {
            case .length: #expect(Array(content) == body, "\(size)")
            case .chunked, .trailers, .untilClose:
                let (found, rest) = try #require(Self.unchunked(content), "\(size)")
                #expect(found == body, "\(size)")
                #expect(rest == (framing == .trailers ? "A: b\r\n\r\n" : "\r\n"), "\(size)")
            }
            #expect(harness.remainsAfterwards() == [])
        }
    }
}
