internal import Glibc

/// File descriptor 2, where logs and messages go.
package enum StandardError {
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes all of `bytes`, waiting as long as it takes; false when nobody can read it any more.
    @discardableResult
    package static func write(_ bytes: [UInt8]) -> Bool { Self.write(bytes, to: STDERR_FILENO) }

    /// Says something to whoever started the program. Nobody is left to tell when it cannot be written.
    package static func writeLine(_ text: String) {
        guard Self.isJournal else { return _ = Self.write(Array("\(text)\n".utf8)) }
        // Each line is an entry of its own, and this one is worth an operator's look.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        Self.write(Array(lines.map { "<4>\($0)\n" }.joined().utf8))
    }

    /// Whether it goes to the journal of systemd, which reads `<N>` at the start of a line as its priority
    /// (sd-daemon(3)): JOURNAL_STREAM names device and inode of the stream, because the variable alone may have been
    /// inherited by somebody whose standard error leads elsewhere (systemd.exec(5)).
    package static let isJournal: Bool = {
        guard let stream = ProcessEnvironment.value(of: "JOURNAL_STREAM") else { return false }
        var status = stat()
        guard unsafe fstat(STDERR_FILENO, &status) == 0 else { return false }
        return String(decoding: stream, as: UTF8.self) == "\(status.st_dev):\(status.st_ino)"
    }()

    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(descriptor, raw.baseAddress.map { unsafe $0 + done }, raw.count - done)
            }
            if written > 0 {
                done += written
            } else if errno == EAGAIN {
                // Somebody else made the descriptor non-blocking: wait until it takes more.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wait, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
