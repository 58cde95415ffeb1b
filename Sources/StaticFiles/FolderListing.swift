/// A page that names what is in a folder, for routes that show folders.
package enum FolderListing {
    package struct Entry: Equatable, Sendable {
        /// As the file system has it: not necessarily UTF-8.
        package let name: [UInt8]
        package let isFolder: Bool

        package init(name: [UInt8], isFolder: Bool) {
            self.name = name
            self.isFolder = isFolder
        }
    }

    /// Names on a page at most: reading and writing them takes a few milliseconds, in which the worker does nothing
    /// else.
    package static let entriesMax = 2_000

    /// Nothing may run or load on a page whose names came from who knows where.
    package static let contentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'"

    /// `path` as the client wrote it, decoded. `isCut`: there are more than are shown.
    package static func html(path: [UInt8], _ entries: [Entry], isCut: Bool, hasParent: Bool) -> [UInt8] {
        let title = Self.escape(path)
        var page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title></head><body><h1>\(title)</h1>
            <ul>

            """
        if hasParent { page += "<li><a href=\"../\">../</a></li>\n" }
        let visible = entries.filter { $0.name.first != UInt8(ascii: ".") }
        let sorted = visible.sorted { one, other in
            one.isFolder == other.isFolder ? one.name.lexicographicallyPrecedes(other.name) : one.isFolder
        }
        for entry in sorted {
            let slash = entry.isFolder ? "/" : ""
            // With ./ in front no name is taken for a scheme.
            let link = "./" + FilePath.escape(entry.name) + slash
            page += "<li><a href=\"\(link)\">\(Self.escape(entry.name))\(slash)</a></li>\n"
        }
        page += "</ul>\n"
        if isCut { page += "<p>There are more than \(Self.entriesMax).</p>\n" }
        return Array((page + "</body></html>\n").utf8)
    }

    private static func escape(_ bytes: [UInt8]) -> String {
        var escaped = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: escaped += "\u{FFFD}"
            case _: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
