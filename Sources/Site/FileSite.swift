package import HTTPConnection
internal import HTTPSemantics
package import IOCore
package import Routing
package import StaticFiles
internal import SystemCalls
package import Telemetry

/// Answers requests by the files of a folder.
///
/// A file is opened by one openat2(2) below the folder and looked at through its descriptor, so nothing that happens to
/// names meanwhile matters.
package final class FileSite {
    package struct Settings: Sendable {
        package let routeName: String
        package let folder: String
        /// Names that stand for a folder, the first that is there.
        package let indexNames: [String]
        /// Asked in turn for paths that lead to no file.
        package let fallbacks: [FallbackPath]
        package let listsFolders: Bool
        package let types: MediaTypes
        package let fields: FileFields

        package init(
            routeName: String, folder: String, indexNames: [String], fallbacks: [FallbackPath], listsFolders: Bool,
            types: MediaTypes, fields: FileFields
        ) {
            self.routeName = routeName
            self.folder = folder
            self.indexNames = indexNames
            self.fallbacks = fallbacks
            self.listsFolders = listsFolders
            self.types = types
            self.fields = fields
        }
    }

    let settings: Settings
    let loop: any EventLoop
    private let dateStamp: DateStamp
    private let drawBoundary: () -> String
    private let log: (LogLevel, String, [LogField]) -> Void
    /// Who answers what no file does; nil: nobody.
    let otherwise: ((Exchange) -> Void)?
    private var root: (folder: ServedFolder, openedAt: UInt64)?
    private var heads = PreparedHeads()

    /// `wallClock` gives nanoseconds since 1970, `drawBoundary` what parts of an answer are told apart by. `otherwise`
    /// gets the requests that lead to no file or ask for something else than to read one.
    package init(
        _ settings: Settings, loop: any EventLoop, wallClock: @escaping () -> UInt64,
        drawBoundary: @escaping () -> String, log: @escaping (LogLevel, String, [LogField]) -> Void,
        otherwise: ((Exchange) -> Void)? = nil
    ) {
        self.settings = settings
        self.loop = loop
        self.dateStamp = DateStamp(wallClock)
        self.drawBoundary = drawBoundary
        self.log = log
        self.otherwise = otherwise
    }

    /// `path` is how the route split the request's; what is left of it is the path of the file.
    package func answer(_ exchange: Exchange, at path: RoutedPath) {
        guard exchange.head.method == "GET" || exchange.head.method == "HEAD" else {
            if let otherwise = self.otherwise { return otherwise(exchange) }
            return exchange.refuse(.methodNotAllowed, "files are read by GET and HEAD", fields: ["Allow": "GET, HEAD"])
        }
        guard let wanted = FilePath(decoded: path.pathInfo) else { return self.refuseMissing(exchange) }
        do throws(Errno) {
            let folder = try self.currentRoot()
            if wanted.isFolder {
                try self.answerFolder(exchange, wanted, folder)
            } else {
                try self.answerFile(exchange, wanted, folder)
            }
        } catch {
            self.fail(exchange, error)
        }
    }

    private func answerFile(_ exchange: Exchange, _ wanted: FilePath, _ folder: ServedFolder) throws(Errno) {
        guard let file = try self.open(wanted.bytes, folder, exchange) else {
            return try self.answerFallback(exchange, wanted, folder)
        }
        switch file.kind {
        case .regular: self.serve(exchange, file, at: wanted.bytes, folder)
        case .folder:
            guard try self.shows(wanted, folder, exchange) else { return self.refuseMissing(exchange) }
            self.redirectToFolder(exchange)
        case .other: self.refuseMissing(exchange)
        }
    }

    private func answerFolder(_ exchange: Exchange, _ wanted: FilePath, _ folder: ServedFolder) throws(Errno) {
        for name in self.settings.indexNames {
            let path = wanted.file(named: name)
            if let file = try self.open(path, folder, exchange), file.kind == .regular {
                return self.serve(exchange, file, at: path, folder)
            }
        }
        if self.settings.listsFolders, let found = try self.open(wanted.bytes, folder, exchange) {
            if found.kind == .folder { return try self.list(exchange, found, isRoot: wanted.bytes.isEmpty) }
        }
        try self.answerFallback(exchange, wanted, folder)
    }

    /// Whether there is something at a folder's path with a slash. Where nobody else is asked it is not looked for: the
    /// answer to that path tells.
    private func shows(_ wanted: FilePath, _ folder: ServedFolder, _ exchange: Exchange) throws(Errno) -> Bool {
        guard self.otherwise != nil, !self.settings.listsFolders else { return true }
        for name in self.settings.indexNames {
            let file = try self.open(wanted.file(named: name), folder, exchange)
            if let file, file.kind == .regular { return true }
        }
        return false
    }

    private func answerFallback(_ exchange: Exchange, _ wanted: FilePath, _ folder: ServedFolder) throws(Errno) {
        for fallback in self.settings.fallbacks {
            guard let path = fallback.path(for: wanted) else { continue }
            if let file = try self.open(path, folder, exchange), file.kind == .regular {
                return self.serve(exchange, file, at: path, folder)
            }
        }
        self.refuseMissing(exchange)
    }
}

// MARK: - Files

extension FileSite {
    private func serve(
        _ exchange: Exchange, _ file: consuming OpenFile, at path: [UInt8], _ folder: ServedFolder
    ) {
        if self.settings.fields.variesByCoding {
            for coding in ContentCoding.accepted(exchange.head.fields) {
                guard let compressed = try? folder.open(path + Array(coding.fileEnding.utf8)),
                    compressed.kind == .regular
                else { continue }
                return self.send(exchange, compressed, at: path, coding: coding)
            }
        }
        self.send(exchange, file, at: path, coding: nil)
    }

    private func send(
        _ exchange: Exchange, _ file: consuming OpenFile, at path: [UInt8], coding: ContentCoding?
    ) {
        let now = self.dateStamp.now
        let key = coding.map { path + [0] + Array($0.rawValue.utf8) } ?? path
        let state = PreparedHeads.State(
            size: file.size, modifiedSeconds: file.modifiedSeconds, modifiedNanoseconds: file.modifiedNanoseconds)
        let isPlain = PreparedHeads.admits(exchange.head)
        if isPlain, let lines = self.heads.lines(for: key, state) {
            let parts = file.size > 0 ? [FileAnswer.Part.file(0..<file.size)] : []
            return self.delivery(of: file, parts, exchange).begin(exchange, lines, self.dateStamp.line(at: now))
        }
        let version = FileVersion(
            size: file.size, modifiedSeconds: file.modifiedSeconds, modifiedNanoseconds: file.modifiedNanoseconds,
            coding: coding?.rawValue, now: now)
        let type = self.settings.types.type(ofEnding: FilePath.ending(of: path))
        let answer = FileAnswer(
            to: exchange.head, version, type: type, coding: coding, self.settings.fields,
            date: self.dateStamp.value(at: now), boundary: self.drawBoundary)
        var head = answer.head
        // Of 304 it would be that of what is not sent (RFC 9110 section 8.6).
        if head.status != .notModified { head.fields.append("Content-Length", FieldValue(String(answer.length))) }
        // A weak tag becomes a strong one when the file has settled.
        if isPlain, !version.tag.isWeak { self.heads.keep(head, for: key, state) }
        var lines: [UInt8] = []
        head.serializeLines(into: &lines)
        self.delivery(of: file, answer.parts, exchange).begin(exchange, lines)
    }

    private func delivery(
        of file: consuming OpenFile, _ parts: [FileAnswer.Part], _ exchange: Exchange
    ) -> FileDelivery {
        let path = exchange.head.path
        return FileDelivery(parts, of: file.takeDescriptor(), loop: self.loop) { trouble in
            switch trouble {
            case .truncated: self.report(.warning, "file became shorter while it was sent", path)
            case .failed(let error): self.report(.error, "file cannot be read: \(error)", path)
            }
        }
    }

    /// Nil: there is nothing at this path that is for clients.
    private func open(_ path: [UInt8], _ folder: ServedFolder, _ exchange: Exchange) throws(Errno) -> OpenFile? {
        do throws(Errno) {
            return try folder.open(path)
        } catch {
            guard error.meansMissing else { throw error }
            if error == .crossesFolder {
                let reason = "a link leads out of the folder; only what is below it is served"
                self.report(.warning, reason, exchange.head.path)
            }
            return nil
        }
    }

    /// Nanoseconds after which the folder is looked up anew: a deployment may have put another one, or another link, in
    /// its place.
    private static let rootLifetime: UInt64 = 1_000_000_000

    private func currentRoot() throws(Errno) -> ServedFolder {
        if let root = self.root, self.loop.now &- root.openedAt < Self.rootLifetime { return root.folder }
        let folder = try ServedFolder(self.settings.folder)
        self.root = (folder, self.loop.now)
        return folder
    }

    func report(_ level: LogLevel, _ message: String, _ path: String) {
        self.log(level, message, [LogField("route", .string(self.settings.routeName)), LogField("path", .string(path))])
    }
}
