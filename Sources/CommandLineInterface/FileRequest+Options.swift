internal import Configuration

extension FileRequest {
    /// Nil without `--config`. Beside it only a few options are taken: the file has all others.
    init?(_ settings: [Setting], words: [String]) throws(UsageFault) {
        let files = settings.filter { $0.name == .option(.config) }
        guard let file = files.last else { return nil }
        guard files.count == 1 else { throw .severalFiles }
        if let word = words.first { throw .programBesideFile(word) }
        let companions = settings.filter { $0.name != .option(.config) }
        for setting in companions {
            guard case .option(let option) = setting.name, !Self.companions.contains(option) else { continue }
            throw .besideFile(option)
        }
        self.init(path: file.value, settings: companions)
    }
}
