import Glibc

/// A text file of this repository.
struct SourceFile: Sendable, CustomStringConvertible {
    /// From the root of the repository on.
    let path: String
    let lines: [Substring]
    /// The lines as code: without comments and with every string literal emptied. Nothing for files of other kinds.
    let code: [String]

    init(path: String, lines: [Substring], isCode: Bool = true) {
        self.path = path
        self.lines = lines
        var scanner = CodeScanner()
        self.code = isCode ? lines.map { scanner.code(of: $0) } : []
    }

    var description: String { self.path }
    /// The target it belongs to: the folder below `Sources` or `Tests`.
    var target: String { self.path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}

/// The repository that these tests are part of.
enum SourceTree {
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    static let sources = Self.files(under: "Sources", ending: ".swift")
    /// Their own part: the rest of that package are links to `Sources`.
    static let benchmarks = Self.files(under: "Benchmarks/Sources/engines", ending: ".swift")
    static let tests = Self.files(under: "Tests", ending: ".swift")
    static let pythonTests = Self.files(under: "Tests", ending: ".py")
    static let documents = Self.files(under: "docs", ending: ".md") + Self.topLevel.filter { $0.path.hasSuffix(".md") }
    static let topLevel = Self.names(in: "").sorted().compactMap(Self.file)

    static func file(_ path: String) -> SourceFile? {
        guard let text = Self.text(path) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return SourceFile(path: path, lines: lines, isCode: path.contains("Sources/"))
    }

    private static func files(under folder: String, ending: String) -> [SourceFile] {
        Self.names(in: folder).sorted().flatMap { name -> [SourceFile] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(ending) { return Self.file(path).map { [$0] } ?? [] }
            return name.contains(".") ? [] : Self.files(under: path, ending: ending)
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir("\(Self.root)/\(folder)") else { return [] }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func text(_ path: String) -> String? {
        guard let file = unsafe fopen("\(Self.root)/\(path)", "r") else { return nil }
        defer { unsafe _ = fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
