internal import ArgumentParser
internal import Configuration

/// Who may connect.
struct AccessOptions: ParsableArguments {
    @Option(.origin) var origin: [String] = []
    @Option(.host) var host: [String] = []
    @Option(.subprotocol) var subprotocol: [String] = []
    @Flag(.requireSubprotocol) var requireSubprotocol = false

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.origin, self.origin),
            .given(.host, self.host),
            .given(.subprotocol, self.subprotocol),
            .given(.requireSubprotocol, self.requireSubprotocol),
        ]
        return given.flatMap(\.self)
    }
}
