internal import ArgumentParser
package import Configuration

/// What `wsbridge connect` was asked to do.
package struct ConnectRequest: Sendable, Equatable {
    package let client: ClientRequest
    package let isBinary: Bool
    package let closeCode: UInt16
    package let closeReason: String
    package let linger: TimeSpan
    package let messageSizeMax: ByteCount
}

/// `wsbridge connect`: a client for people and for pipes.
struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect to a WebSocket: type, see, close.",
        usage: "wsbridge connect [options] URL",
        discussion: """
            Lines of standard input become text messages, messages become lines of standard output. The end of the \
            input closes. Exit code 0: both sides parted in good order; 1: they did not; 2: wrong usage.
            """,
        version: ServeCommand.configuration.version)

    @OptionGroup var client: ClientOptions

    @Flag(
        name: .long,
        help: "Send lines as binary messages, and write binary messages as they are, on a terminal too.")
    var binary = false

    @Option(name: .long, help: ArgumentHelp("What our Close says (default: 1000)", valueName: "N"))
    var closeCode: Int?

    @Option(name: .long, help: ArgumentHelp("The reason that our Close gives.", valueName: "TEXT"))
    var closeReason: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How long to wait for another message once the input has ended, unless it was typed (default: 500ms)",
            valueName: "TIME"))
    var linger: String?

    @Option(name: .long, help: ArgumentHelp("The longest message or line (default: 16MiB)", valueName: "SIZE"))
    var maxMessageSize: String?

    func request() throws(ArgumentFault) -> ConnectRequest {
        let code = self.closeCode ?? 1000
        // What an endpoint may send (RFC 6455 7.4.2), less what only a server says.
        guard code == 1000 || (3000...4999).contains(code) else {
            throw ArgumentFault("--close-code \(code)", "no client may send it", remedy: "1000, or from 3000 to 4999")
        }
        let reason = self.closeReason ?? ""
        guard reason.utf8.count <= 123 else {
            throw ArgumentFault("--close-reason", "longer than a Close can hold", remedy: "at most 123 bytes")
        }
        return ConnectRequest(
            client: try self.client.request(), isBinary: self.binary, closeCode: UInt16(code), closeReason: reason,
            linger: try ArgumentFault.reading("--linger", self.linger ?? "500ms", in: TimeSpan.seconds(0)...(.days(1))),
            messageSizeMax: try ArgumentFault.reading(
                "--max-message-size", self.maxMessageSize ?? "16MiB", in: ByteCount(bytes: 1)...(.gibibytes(1))))
    }
}
