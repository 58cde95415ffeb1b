internal import Addresses
package import Configuration
internal import SystemCalls
internal import Telemetry

/// Asks a running server for its metrics, waiting for the answer.
package enum StatusQuery {
    /// Everything together: a server with stuck workers takes up to two rounds of 800 ms.
    private static let milliseconds = 5000
    /// An answer of this size has thousands of routes; more is somebody else.
    private static let answerBytesMax = 16 << 20

    package static func ask(_ listener: ListenAddress) throws(StatusFailure) -> StatusReport {
        let address = listener.description
        let answer: [UInt8]
        do throws(Errno) {
            let connection = try BlockingConnection(listener.target, milliseconds: Self.milliseconds)
            try connection.send(Self.request(to: listener))
            answer = try connection.readToEnd(bytesMax: Self.answerBytesMax)
        } catch {
            throw StatusFailure(error, asking: address)
        }
        guard let (status, body) = Self.parse(answer) else { throw .notOurs(address) }
        guard status == 200 else { throw .refused(address, status: status) }
        guard let reading = try? MetricsReading(parsing: Array(body)), let report = StatusReport(reading) else {
            throw .notOurs(address)
        }
        return report
    }

    static func request(to listener: ListenAddress) -> [UInt8] {
        let host =
            switch listener {
            case .tcp: listener.description
            case .unix: "localhost"
            }
        return Array("GET /metrics HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    }

    /// Status and body of a whole answer; nil for anything else. Without a length its end may be missing: that is good
    /// enough for a status that says no.
    static func parse(_ answer: [UInt8]) -> (status: Int, body: ArraySlice<UInt8>)? {
        let end = Array("\r\n\r\n".utf8)
        guard let head = answer.indices.first(where: { answer[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: answer[..<head], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        let body = answer[(head + end.count)...]
        guard status == 200 else { return (status, []) }
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            guard field.count == 2, field[0].lowercased() == "content-length" else { continue }
            let length = Int(field[1].drop { $0 == " " })
            return length == body.count ? (status, body) : nil
        }
        return nil
    }
}

extension ListenAddress {
    fileprivate var target: SocketAddress {
        switch self {
        case .tcp(let address, let port):
            SocketAddress(numericHost: address.description, port: port) ?? .ipv4(address: 0x7F00_0001, port: port)
        case .unix(let path): .unix(path: path)
        }
    }
}
