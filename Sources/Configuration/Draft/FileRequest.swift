/// A configuration that is in a file, and the options of the command line that go before it.
package struct FileRequest: Sendable, Equatable {
    package let path: String
    package let settings: [Setting]

    /// What may stand beside `--config`: how this run logs, and how many threads it has. Everything else would leave
    /// two places to look at.
    package static let companions: [OptionName] = [.workers, .logLevel, .logFormat]

    package init(path: String, settings: [Setting]) {
        self.path = path
        self.settings = settings
    }
}
