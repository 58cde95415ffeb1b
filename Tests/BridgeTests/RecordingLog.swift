@testable import Bridge
import IOCore
import Telemetry

/// Keeps what sessions report.
final class RecordingLog: SessionLog {
    var records: [(level: LogLevel, message: String, fields: [LogField])] = []
    var sessionsEnded = 0

    func isEnabled(_ level: LogLevel) -> Bool { true }
    func write(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        self.records.append((level, message, fields))
    }
    func sessionBegan() {}

    func sessionEnded(_ identity: SessionIdentity) { self.sessionsEnded += 1 }

    func count(of message: String) -> Int { self.records.count { $0.message == message } }

    /// A field of the line that ends the session.
    func closing(_ key: String) -> LogValue? {
        self.records.first { $0.message == "session closed" }?.fields.first { $0.key == key }?.value
    }

    var errorLines: [String] {
        self.records.filter { $0.message == "stderr" }.flatMap(\.fields).compactMap { field in
            if case .bytes(let bytes) = field.value { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }
}

/// Settings of a session under test, and what they are unless a test says otherwise.
struct SessionOptions {
    static let second: UInt64 = 1_000_000_000

    var frameBytesMax = 1 << 20
    var messageBytesMax = 1 << 20
    var backpressureMax = 64 << 10
    var pingInterval: UInt64?
    var pingTimeout = 10 * SessionOptions.second
    var idleTimeout: UInt64?
    var lifetimeMax: UInt64?
    var closeTimeout = 5 * SessionOptions.second
    var messagesPerSecondMax: Double?

    func settings(_ log: RecordingLog, _ loop: any EventLoop) -> SessionSettings {
        SessionSettings(
            routeName: "/", frameBytesMax: self.frameBytesMax, messageBytesMax: self.messageBytesMax,
            backpressureMax: self.backpressureMax, pingInterval: self.pingInterval,
            pingTimeout: self.pingTimeout,
            idleTimeout: self.idleTimeout, lifetimeMax: self.lifetimeMax, closeTimeout: self.closeTimeout,
            messagesPerSecondMax: self.messagesPerSecondMax, log: log, loop: loop)
    }
}
