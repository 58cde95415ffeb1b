internal import HTTPConnection
internal import HTTPSemantics
internal import StaticFiles
internal import SystemCalls
internal import Telemetry

// Answers that are no files.
extension FileSite {
    /// No file answers this.
    func refuseMissing(_ exchange: Exchange) {
        if let otherwise = self.otherwise { return otherwise(exchange) }
        exchange.refuse(.notFound, "there is no such file", fields: self.plainFields)
    }

    func fail(_ exchange: Exchange, _ error: Errno) {
        let path = exchange.head.path
        switch error {
        case .notPermitted:
            self.report(.warning, "file may not be read", path)
            exchange.refuse(.forbidden, "this file may not be read", fields: self.plainFields)
        case .processFilesMax, .systemFilesMax, .noMemory:
            self.report(.error, "file cannot be opened: \(error)", path)
            var fields = self.plainFields
            fields.append("Retry-After", "5")
            exchange.refuse(.serviceUnavailable, "the server is busy", fields: fields)
        case _ where error.meansMissing:
            // The folder itself is not there.
            self.report(.error, "folder \(self.settings.folder) cannot be opened: \(error)", path)
            self.refuseMissing(exchange)
        case _:
            self.report(.error, "file cannot be opened: \(error)", path)
            exchange.refuse(.internalServerError, "this file cannot be read", fields: self.plainFields)
        }
    }

    /// To the same path with a slash, so that relative links of the page lead into the folder. The path is written
    /// anew: what a browser would read as the name of a host, such as `//` or a backslash, cannot come about.
    func redirectToFolder(_ exchange: Exchange) {
        let path = exchange.head.path
        var fields = self.plainFields
        let query = exchange.head.query.map { "?" + $0 } ?? ""
        let target = path.utf8.drop { $0 == UInt8(ascii: "/") }
        fields.append("Location", FieldValue("/" + Self.escapeAgain(target) + "/" + query))
        exchange.refuse(.movedPermanently, "this is a folder", fields: fields)
    }

    /// Escapes what is not plain, and leaves the escapes that are there.
    private static func escapeAgain(_ path: Substring.UTF8View) -> String {
        path.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).map { FilePath.escape($0) }
            .joined(separator: "%")
    }

    /// The names in a folder.
    func list(_ exchange: Exchange, _ folder: borrowing OpenFile, isRoot: Bool) throws(Errno) {
        let (names, isCut) = try folder.names(namesMax: FolderListing.entriesMax)
        let page = FolderListing.html(
            path: Array(exchange.head.path.utf8), names.map { .init(name: $0.bytes, isFolder: $0.isFolder) },
            isCut: isCut, hasParent: !isRoot)
        var fields = self.plainFields
        fields.append("Content-Type", "text/html; charset=utf-8")
        fields.append("Content-Security-Policy", FieldValue(FolderListing.contentSecurityPolicy))
        fields.append("Cache-Control", "no-cache")
        exchange.respond(ResponseHead(status: .ok, fields: fields), body: page)
    }

    private var plainFields: HeaderFields {
        ["X-Content-Type-Options": "nosniff"]
    }
}

extension Errno {
    /// What a path that leads nowhere comes to: no such name, a file where a folder should be, too long, links in a
    /// circle or out of the folder, a socket.
    var meansMissing: Bool {
        let missing: [Errno] = [
            .noSuchFile, .notDirectory, .nameTooLong, .tooManyLinks, .crossesFolder, .noSuchDevice, .noDevice,
        ]
        return missing.contains(self)
    }
}
