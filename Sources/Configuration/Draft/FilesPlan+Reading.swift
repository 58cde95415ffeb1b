extension FilesPlan {
    /// Nil: the route serves no files, or not as they were asked for.
    static func read(_ reader: inout SettingReader) -> FilesPlan? {
        let indexNames = reader.list(.staticIndex, check: Self.name)
        let fallbacks = reader.list(.tryFiles, check: Self.fallback)
        let listsFolders = reader.flag(.staticListing)
        let usesPrecompressed = reader.flag(.staticPrecompressed)
        let cacheControl = reader.value(.staticCache, as: FieldText.self)?.text
        let types: [TypedEnding] = reader.values(.staticType)
        guard reader.isGiven(.static) else {
            Self.warnOfUnusedOptions(&reader)
            return nil
        }
        guard let folder = reader.value(.static, as: FolderPath.self)?.text else { return nil }
        reader.report(.static, reader.surroundings.obstacle(toEntering: folder))
        var plan = FilesPlan(folder: folder)
        if !indexNames.isEmpty { plan.indexNames = indexNames }
        plan.fallbacks = fallbacks
        plan.listsFolders = listsFolders
        plan.usesPrecompressed = usesPrecompressed
        plan.cacheControl = cacheControl
        plan.types = types
        return plan
    }

    private static func warnOfUnusedOptions(_ reader: inout SettingReader) {
        for row in OptionTable.rows(of: .files) where reader.isGivenHere(row.name) {
            reader.report(
                row.name, "there is no folder it is for", remedy: "name one with --static, or leave it out",
                severity: .warning)
        }
    }

    /// The name of one file.
    private static func name(_ text: String) throws(ValueFault) -> String {
        guard !text.isEmpty, !text.contains("/"), text != ".", text != "..", Self.isPrintable(text) else {
            throw ValueFault("not the name of a file", remedy: "write a name without slashes, like index.html")
        }
        return text
    }

    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    private static func fallback(_ text: String) throws(ValueFault) -> String {
        let segments = text.split(separator: "/")
        let isFile = !segments.isEmpty && !text.hasSuffix("/")
        guard isFile, !segments.contains(".."), !segments.contains("."), Self.isPrintable(text) else {
            throw ValueFault(
                "not the path of a file", remedy: "write one below the folder, like index.html or {path}.html")
        }
        return text
    }
}

extension FilesPlan.TypedEnding: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let type = try? FieldText(parsing: parts[1]).text,
            type.split(separator: "/", omittingEmptySubsequences: false).count == 2
        else { throw ValueFault("names no type", remedy: "write ENDING=TYPE, like glsl=text/plain") }
        let ending = parts[0].hasPrefix(".") ? String(parts[0].dropFirst()) : parts[0]
        // What stands behind the last dot of a name, and names are searched for it 16 bytes deep.
        guard (1...16).contains(ending.utf8.count), !ending.contains("."), !ending.contains("/") else {
            throw ValueFault("not an ending of file names", remedy: "write what follows the last dot, like glsl")
        }
        self.init(ending: ending.lowercased(), type: type)
    }

    package var description: String { "\(self.ending)=\(self.type)" }
}

/// A folder, which the server and not this module looks at.
private struct FolderPath: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) {
        guard !text.isEmpty else { throw ValueFault("is empty", remedy: "write a folder") }
        self.text = text
    }
}

/// The value of a header field: printable ASCII.
private struct FieldText: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw ValueFault("not the value of a header field", remedy: "write printable ASCII")
        }
        self.text = text
    }
}
