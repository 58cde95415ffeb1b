package import IOCore
package import Upstreams

/// A token map as it was read at start; who keeps it goes on from there.
package struct TokenReading: Sendable {
    package let store: TokenStore
    let files: TokenFiles
    let stamp: TokenFiles.Stamp

    /// `path`: a file, or a folder of files. Throws what is wrong with them.
    package init(_ path: String) throws(TokenKeeper.Failure) {
        self.files = TokenFiles(path: path)
        self.stamp = self.files.stamp
        let reader = self.files.read()
        guard reader.diagnostics.isEmpty else { throw TokenKeeper.Failure(diagnostics: reader.diagnostics) }
        self.store = TokenStore(reader.map)
    }
}

/// Keeps a token map: reads it at start and when its files change. It belongs to the control loop; workers read the
/// store.
package final class TokenKeeper {
    package enum Event: Equatable, Sendable {
        case reloaded(count: Int)
        /// The old map stays in use.
        case refused([TokenMapDiagnostic])
    }

    /// What is wrong with a map that there is no older one for.
    package struct Failure: Error, Equatable, Sendable {
        package let diagnostics: [TokenMapDiagnostic]
    }

    /// Nanoseconds between two looks at the files. A change is taken when two looks agree: then nobody is writing.
    package static let lookInterval: UInt64 = 2_000_000_000

    package let store: TokenStore
    private let files: TokenFiles
    private let loop: any EventLoop
    private let report: (Event) -> Void
    /// Of the files that were last read, whatever came of it.
    private var known: TokenFiles.Stamp
    private var seen: TokenFiles.Stamp
    private var timer: TimerID?

    package init(_ reading: TokenReading, loop: any EventLoop, report: @escaping (Event) -> Void) {
        self.files = reading.files
        self.loop = loop
        self.report = report
        self.known = reading.stamp
        self.seen = reading.stamp
        self.store = reading.store
    }

    /// `path`: a file, or a folder of files. Throws what is wrong with them.
    package convenience init(
        _ path: String, loop: any EventLoop, report: @escaping (Event) -> Void
    ) throws(Failure) {
        self.init(try TokenReading(path), loop: loop, report: report)
    }

    /// What is wrong with the files of a map, for who only wants to know.
    package static func check(_ path: String) -> [TokenMapDiagnostic] { TokenFiles(path: path).read().diagnostics }

    /// Begins to look at the files.
    package func start() {
        self.stop()
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ Self.lookInterval)
    }

    package func stop() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }

    /// Reads the files again, changed or not.
    package func reload() {
        self.known = self.files.stamp
        self.seen = self.known
        let reader = self.files.read()
        guard reader.diagnostics.isEmpty else { return self.report(.refused(reader.diagnostics)) }
        self.store.replace(with: reader.map)
        self.report(.reloaded(count: reader.map.count))
    }
}

extension TokenKeeper: TimerClient {
    package func timerFired() {
        self.timer = nil
        let stamp = self.files.stamp
        if stamp != self.known, stamp == self.seen { self.reload() }
        self.seen = stamp
        self.start()
    }
}
