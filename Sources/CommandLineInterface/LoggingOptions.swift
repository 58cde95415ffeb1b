internal import ArgumentParser
internal import Configuration

/// What is logged and how.
struct LoggingOptions: ParsableArguments {
    @Option(.logLevel) var logLevel: [String] = []
    @Option(.logFormat) var logFormat: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.logLevel, self.logLevel),
            .given(.logFormat, self.logFormat),
        ]
        return given.flatMap(\.self)
    }
}
