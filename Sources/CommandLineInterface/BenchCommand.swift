internal import ArgumentParser
package import Configuration

/// What `wsbridge bench` was asked to do.
package struct BenchRequest: Sendable, Equatable {
    package enum Pace: Sendable, Equatable {
        case closedLoop(pipeline: Int)
        case openLoop(Rate)
    }

    package let client: ClientRequest
    package let connections: Int
    package let duration: TimeSpan
    package let payload: ByteCount
    package let pace: Pace
    package let messagesMax: Int?
    package let isBinary: Bool
    package let wantsJSON: Bool
}

/// `wsbridge bench`: load, and how long the answers take.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Put load on a WebSocket and measure how long its answers take.",
        usage: "wsbridge bench [options] URL",
        discussion: """
            The route must answer each message with one message, as --echo does. With --rate latencies count from \
            the time at which a message was due, so that a stall of the server shows whole; without it each \
            connection sends the next message when an answer comes. Exit code 0: no errors; 1: some; 2: wrong usage.
            """,
        version: ServeCommand.configuration.version)

    @OptionGroup var client: ClientOptions

    @Option(name: .long, help: ArgumentHelp("How many connections (default: 10)", valueName: "N"))
    var connections: Int?

    @Option(name: .long, help: ArgumentHelp("How long to send (default: 10s)", valueName: "TIME"))
    var duration: String?

    @Option(name: .long, help: ArgumentHelp("The payload of a message (default: 64)", valueName: "SIZE"))
    var size: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Messages over all connections, like 1000/s, answers or not.", valueName: "RATE"))
    var rate: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Messages under way on each connection, without --rate (default: 1)", valueName: "N"))
    var pipeline: Int?

    @Option(name: .long, help: ArgumentHelp("Stop after so many messages, if that is earlier.", valueName: "N"))
    var messages: Int?

    @Flag(name: .long, help: "Send binary messages.") var binary = false

    @Flag(name: .long, help: "Print one JSON object; times are in seconds.") var json = false

    func request() throws(ArgumentFault) -> BenchRequest {
        BenchRequest(
            client: try self.client.request(),
            connections: try Self.check("--connections", self.connections ?? 10, in: 1...100_000),
            duration: try ArgumentFault.reading(
                "--duration", self.duration ?? "10s", in: TimeSpan.milliseconds(1)...(.hours(24))),
            payload: try ArgumentFault.reading(
                "--size", self.size ?? "64", in: ByteCount(bytes: 0)...(.mebibytes(256))),
            pace: try self.pace(),
            messagesMax: try self.messages.map { count throws(ArgumentFault) in
                try Self.check("--messages", count, in: 1...Int.max)
            },
            isBinary: self.binary, wantsJSON: self.json)
    }

    private func pace() throws(ArgumentFault) -> BenchRequest.Pace {
        switch (self.rate, self.pipeline) {
        case (_?, _?):
            throw ArgumentFault("--rate and --pipeline", "exclude each other", remedy: "leave one of them out")
        case (let rate?, nil):
            return .openLoop(try ArgumentFault.reading("--rate", rate, as: Rate.self))
        case (nil, let pipeline):
            return .closedLoop(pipeline: try Self.check("--pipeline", pipeline ?? 1, in: 1...10_000))
        }
    }

    private static func check(
        _ option: String, _ value: Int, in range: ClosedRange<Int>
    ) throws(ArgumentFault) -> Int {
        guard range.contains(value) else {
            throw ArgumentFault(
                "\(option) \(value)", "out of range", remedy: "from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
