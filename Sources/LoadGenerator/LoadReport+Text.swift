extension LoadReport {
    /// For people.
    package var text: String {
        var lines = [
            "\(self.settings.url)",
            "connections   \(self.opened) of \(self.settings.connections)  \(Self.times(self.connectTimes))",
            "messages      \(self.sent) sent, \(self.received) received, \(self.settings.payloadBytes) bytes each",
            "pace          \(self.pace)",
            "throughput    \(Int(self.messagesPerSecond.rounded())) messages/s, "
                + "\(Int(self.bytesPerSecond.rounded())) bytes/s of payload each way, "
                + "in \(Self.decimal(self.seconds)) s",
            "latency       \(Self.times(self.latencies))",
        ]
        let errors = self.errors.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        lines.append("errors        \(errors.isEmpty ? "none" : errors.joined(separator: ", "))")
        return lines.joined(separator: "\n")
    }

    private var pace: String {
        switch self.settings.pace {
        case .closedLoop(let pipeline): "\(pipeline) under way on each connection, latency from sending"
        case .openLoop(let rate): "\(Self.decimal(rate))/s in all, latency from when each was due"
        }
    }

    private static func times(_ histogram: LatencyHistogram) -> String {
        let parts = Self.quantiles.map { "\($0.name) \(Self.milliseconds(histogram.quantile($0.share)))" }
        return (parts + ["max \(Self.milliseconds(histogram.max))"]).joined(separator: "  ")
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        "\(Self.decimal(Double(nanoseconds) / 1e6)) ms"
    }

    /// Three digits behind the point.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite, value < 1e15 else { return "0" }
        let thousandths = Int((value * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// For programs: one object, times in seconds.
    package var json: String {
        let errors = self.errors.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value)" }
        let pace =
            switch self.settings.pace {
            case .closedLoop(let pipeline): "\"pipeline\":\(pipeline)"
            case .openLoop(let rate): "\"rate\":\(rate)"
            }
        return "{" + [
            "\"url\":\(Self.quoted("\(self.settings.url)"))", "\"connections\":\(self.settings.connections)",
            "\"connections_opened\":\(self.opened)", "\"connect_seconds\":\(Self.object(self.connectTimes))",
            "\"payload_bytes\":\(self.settings.payloadBytes)", pace, "\"elapsed_seconds\":\(self.seconds)",
            "\"messages_sent\":\(self.sent)", "\"messages_received\":\(self.received)",
            "\"payload_bytes_received\":\(self.bytesReceived)", "\"messages_per_second\":\(self.messagesPerSecond)",
            "\"payload_bytes_per_second\":\(self.bytesPerSecond)", "\"latency_seconds\":\(Self.object(self.latencies))",
            "\"errors\":{\(errors.joined(separator: ","))}",
        ].joined(separator: ",") + "}"
    }

    private static func object(_ histogram: LatencyHistogram) -> String {
        let parts = Self.quantiles.map { "\"\($0.name)\":\(Double(histogram.quantile($0.share)) / 1e9)" }
        return "{\((parts + ["\"max\":\(Double(histogram.max) / 1e9)"]).joined(separator: ","))}"
    }

    /// Kinds of errors and URLs are plain ASCII, but for what the kernel's words may hold.
    private static func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" }
        return "\"\(String(String.UnicodeScalarView(plain)))\""
    }
}
