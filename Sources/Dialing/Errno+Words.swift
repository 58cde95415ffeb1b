internal import SystemCalls

// What the kernel said, in messages.
extension Errno {
    /// In the middle of a line.
    var words: String {
        let text = self.description
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// We have run out of something: it says nothing about the server.
    var isOurs: Bool { [.processFilesMax, .systemFilesMax, .noMemory, .noBuffers].contains(self) }

    var wordsAndWayOut: String {
        let isAboutFiles = self == .processFilesMax || self == .systemFilesMax
        return isAboutFiles ? "\(self.words); raise the limit of open files (LimitNOFILE=, ulimit -n)" : self.words
    }
}
