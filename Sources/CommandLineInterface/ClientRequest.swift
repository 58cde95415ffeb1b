internal import ArgumentParser
package import Configuration

/// What `connect` and `bench` have in common: to whom, as whom, and whom they trust.
package struct ClientRequest: Sendable, Equatable {
    /// Whose certificates are good.
    package enum Trust: Sendable, Equatable {
        case system
        case authorities(file: String)
        case anybody
    }

    package let url: WebSocketURL
    package let subprotocols: [String]
    package let fields: [RequestField]
    package let origin: String?
    package let trust: Trust
    package let connectTimeout: TimeSpan
}

/// Options of commands that connect to a server.
struct ClientOptions: ParsableArguments {
    @Argument(help: "ws://host:port/path?query, or wss:; http: and https: mean the same.") var url: String

    @Option(name: .long, help: ArgumentHelp("Subprotocols to offer, comma separated.", valueName: "LIST"))
    var subprotocol: [String] = []

    @Option(name: .long, help: ArgumentHelp("Add a field to the request. Repeatable.", valueName: "'NAME: VALUE'"))
    var header: [String] = []

    @Option(name: .long, help: ArgumentHelp("Say that we come from this page, as a browser does.", valueName: "ORIGIN"))
    var origin: String?

    @Flag(name: .long, help: "Do not check the server's certificate.") var insecure = false

    @Option(
        name: .long,
        help: ArgumentHelp("Trust the authorities in this file (PEM), and not the system's.", valueName: "FILE"),
        completion: .file())
    var ca: String?

    @Option(
        name: .long,
        help: ArgumentHelp("How long it may take until the WebSocket is open (default: 10s)", valueName: "TIME"))
    var connectTimeout: String?

    /// What was asked for, or what is wrong with it.
    func request() throws(ArgumentFault) -> ClientRequest {
        let trust: ClientRequest.Trust
        switch (self.ca, self.insecure) {
        case (_?, true):
            throw ArgumentFault("--ca and --insecure", "exclude each other", remedy: "leave one of them out")
        case (let file?, false): trust = .authorities(file: file)
        case (nil, true): trust = .anybody
        case (nil, false): trust = .system
        }
        return ClientRequest(
            url: try ArgumentFault.reading("URL", self.url, as: WebSocketURL.self),
            subprotocols: try self.subprotocols(),
            fields: try self.header.map { text throws(ArgumentFault) in
                try ArgumentFault.reading("--header", text, as: RequestField.self)
            },
            origin: try self.origin.map { text throws(ArgumentFault) in
                _ = try ArgumentFault.reading("--origin", "Origin: \(text)", as: RequestField.self)
                return text
            },
            trust: trust,
            connectTimeout: try ArgumentFault.reading(
                "--connect-timeout", self.connectTimeout ?? "10s", in: TimeSpan.milliseconds(1)...(.hours(1))))
    }

    private func subprotocols() throws(ArgumentFault) -> [String] {
        var names: [String] = []
        for list in self.subprotocol {
            for name in list.split(separator: ",") {
                let text = String(name.drop { $0 == " " })
                do throws(ValueFault) {
                    names.append(try AccessNames.subprotocol(text))
                } catch {
                    throw ArgumentFault("--subprotocol \(text)", error.problem, remedy: error.remedy)
                }
            }
        }
        return names
    }
}

/// What is wrong with an argument of a client command.
struct ArgumentFault: Error, CustomStringConvertible {
    private let place: String
    private let problem: String
    private let remedy: String

    init(_ place: String, _ problem: String, remedy: String) {
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    var description: String { "\(self.place): \(self.problem); \(self.remedy)" }

    static func reading<Value: OptionValue>(
        _ option: String, _ text: String, as type: Value.Type
    ) throws(ArgumentFault) -> Value {
        do throws(ValueFault) {
            return try Value(parsing: text)
        } catch {
            throw ArgumentFault("\(option) \(text)", error.problem, remedy: error.remedy)
        }
    }

    static func reading<Value: OptionValue & Comparable>(
        _ option: String, _ text: String, in range: ClosedRange<Value>
    ) throws(ArgumentFault) -> Value {
        let value = try Self.reading(option, text, as: Value.self)
        guard range.contains(value) else {
            throw ArgumentFault(
                "\(option) \(text)", "out of range", remedy: "from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
