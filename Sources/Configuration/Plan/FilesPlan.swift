/// The folder whose files answer plain requests, and how.
package struct FilesPlan: Sendable, Equatable {
    package struct TypedEnding: Sendable, Equatable {
        /// Lower case, without its dot.
        package var ending: String
        package var type: String
    }

    package var folder: String
    /// Names that stand for a folder.
    package var indexNames: [String]
    /// Relative to the folder; `{path}` stands for the path of the request.
    package var fallbacks: [String]
    package var listsFolders: Bool
    package var usesPrecompressed: Bool
    package var cacheControl: String?
    package var types: [TypedEnding]

    package static let indexStandard = ["index.html"]

    package init(folder: String) {
        self.folder = folder
        self.indexNames = Self.indexStandard
        self.fallbacks = []
        self.listsFolders = false
        self.usesPrecompressed = false
        self.cacheControl = nil
        self.types = []
    }
}

extension FilesPlan {
    /// What `wsbridge check` prints.
    var lines: [String] {
        var lines = [
            aligned("static", self.folder), aligned("static-index", self.indexNames.joined(separator: ", ")),
        ]
        if !self.fallbacks.isEmpty { lines.append(aligned("try-files", self.fallbacks.joined(separator: ", "))) }
        if self.listsFolders { lines.append(aligned("static-listing", "yes")) }
        if self.usesPrecompressed { lines.append(aligned("static-precompressed", "yes")) }
        if let cacheControl = self.cacheControl { lines.append(aligned("static-cache", cacheControl)) }
        lines += self.types.map { aligned("static-type", $0) }
        return lines
    }
}
