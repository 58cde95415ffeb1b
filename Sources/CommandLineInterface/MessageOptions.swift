internal import ArgumentParser
internal import Configuration

/// How messages and the program's input and output become each other.
struct MessageOptions: ParsableArguments {
    @Option(.framing) var framing: [String] = []
    @Option(.messageType) var messageType: [String] = []
    @Option(.innerNewline) var innerNewline: [String] = []
    @Option(.longRecord) var longRecord: [String] = []
    @Option(.invalidText) var invalidText: [String] = []
    @Option(.maxRecordSize) var maxRecordSize: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.framing, self.framing),
            .given(.messageType, self.messageType),
            .given(.innerNewline, self.innerNewline),
            .given(.longRecord, self.longRecord),
            .given(.invalidText, self.invalidText),
            .given(.maxRecordSize, self.maxRecordSize),
        ]
        return given.flatMap(\.self)
    }
}
