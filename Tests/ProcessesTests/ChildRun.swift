import Glibc
import Processes
import ProcessesProbe
import SystemCalls

/// What a child said and how it ended.
struct ChildRun {
    var status: ExitStatus
    var output: String
    var errors: String

    var lines: [String] { self.output.split(separator: "\n").map(String.init) }

    /// Runs one program on a spawner of its own; the test's thread waits for it.
    static func run(
        _ words: [String], environment: [String] = ["PATH=/usr/bin:/bin"], input: String = "",
        settings: ChildSettings = ChildSettings(),
        channel: SpawnRequest.Channel = .pipes(errors: .pipe, pipeBytes: nil)
    ) throws -> ChildRun {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        defer { spawner.stop() }
        let request = SpawnRequest.make(words, environment: environment, settings: settings, channel: channel)
        return try Self.finish(try spawner.startAndWait(request), input: input)
    }

    static func finish(_ child: consuming SpawnedChild, input: String = "") throws -> ChildRun {
        Self.write(input, to: child.stdin)
        if case .some(let open) = Optional(child.stdin) { _ = open.rawValue }  // closes it: end of file
        let output = Self.readToEnd(child.stdout)
        var errors = ""
        if let stderr = child.stderr { errors = Self.readToEnd(stderr) }
        Self.wait(for: child.pidfd)
        guard let status = try ChildEnd.collect(child.pid, child.pidfd) else { throw StillRuns() }
        return ChildRun(status: status, output: output, errors: errors)
    }

    struct StillRuns: Error {}

    /// Small inputs only: one write, which a new pipe takes whole.
    private static func write(_ text: String, to descriptor: borrowing Descriptor) {
        let bytes = Array(text.utf8)
        let written = unsafe Glibc.write(descriptor.rawValue, bytes, bytes.count)
        precondition(written == bytes.count, "a new pipe takes a small input whole")
    }

    /// Until the last holder of the other end is gone; ten seconds without a byte end the wait.
    static func readToEnd(_ descriptor: borrowing Descriptor) -> String {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while Self.wait(for: descriptor) {
            let count = unsafe read(descriptor.rawValue, &piece, piece.count)
            if count <= 0 { break }  // a terminal whose last program has gone says EIO
            text += piece[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    @discardableResult
    static func wait(for descriptor: borrowing Descriptor, milliseconds: CInt = 10_000) -> Bool {
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        while true {
            let count = unsafe poll(&entry, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}

extension SpawnRequest {
    static func make(
        _ words: [String], environment: [String] = ["PATH=/usr/bin:/bin"],
        settings: ChildSettings = ChildSettings(), channel: Channel = .pipes(errors: .pipe, pipeBytes: nil)
    ) -> SpawnRequest {
        SpawnRequest(
            id: UniqueID(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max)),
            program: words[0], arguments: CStringArray(words), environment: CStringArray(environment),
            channel: channel,
            settings: settings)
    }
}
