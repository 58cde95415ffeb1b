import Testing

/// Who may know whom. The picture stands in the design; this is the table that is checked.
@Suite struct ImportTests {
    /// Top first: a target imports only from layers below its own.
    static let layers: [[String]] = [
        ["wsbridge"],
        ["Server", "ServerStatus", "LoadGenerator", "CommandLineInterface"],
        ["Proxy"],
        ["Bridge", "Site", "WebSocketClient"],
        ["HTTPConnection", "Dialing"],
        ["Reactor", "Processes", "Transport"],
        ["IOCore"],
        ["ConfigurationFile"],
        ["Configuration"],
        [
            "HTTP1", "WebSocket", "StdioFraming", "TLSEngine", "ProxyProtocol", "Routing", "StaticFiles", "Upstreams",
            "Forwarding",
        ],
        ["Addresses", "Buffers", "HTTPSemantics", "Telemetry", "SystemCalls"],
        ["CLinux", "COpenSSL", "CTOML", "Calendar", "UTF8Text"],
    ]

    /// Who may import what is not ours, with the reason.
    static let foreign: [String: Set<String>] = [
        // The typed shells around the C library are its business.
        "SystemCalls": ["Glibc"],
        // Searches PATH as execvp(3) does.
        "Processes": ["Glibc", "Synchronization"],
        // memchr(3), in ByteSearch.swift alone.
        "StdioFraming": ["Glibc"],
        // One atomic number a worker. Locks are ours: `Lock`.
        "Reactor": ["Synchronization"],
        // The level of the log, which every thread asks for.
        "Server": ["Synchronization"],
        "CommandLineInterface": ["ArgumentParser"],
        // Exit codes and standard error.
        "wsbridge": ["Glibc"],
    ]

    /// The one file of a target that may import a foreign module, where it is one only.
    static let onlyFile = ["StdioFraming": "Sources/StdioFraming/ByteSearch.swift"]

    struct Import: Hashable {
        let file: String
        let target: String
        let module: String
    }

    static let imports: [Import] = SourceTree.sources.flatMap { file in
        file.code.compactMap { line -> Import? in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index < words.count - 1 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = kinds.contains(String(words[index + 1])) ? words.last : words[index + 1]
            guard let module = name?.split(separator: ".").first else { return nil }
            return Import(file: file.path, target: file.target, module: String(module))
        }
    }

    private static func layer(_ target: String) -> Int? { Self.layers.firstIndex { $0.contains(target) } }

    @Test func everyTargetHasALayer() {
        for target in Set(SourceTree.sources.map(\.target)) {
            #expect(Self.layer(target) != nil, "\(target) stands in no layer")
        }
        #expect(SourceTree.sources.count > 100, "the sources were found")
        #expect(Self.imports.count > 100, "the imports were found")
    }

    @Test func importsGoStrictlyDown() {
        for found in Self.imports {
            guard let from = Self.layer(found.target), let to = Self.layer(found.module) else { continue }
            #expect(from < to, "\(found.file) imports \(found.module)")
        }
    }

    @Test func whatIsNotOursIsImportedByName() {
        for found in Self.imports where Self.layer(found.module) == nil {
            let isAllowed = Self.foreign[found.target]?.contains(found.module) ?? false
            #expect(isAllowed, "\(found.file) imports \(found.module)")
            guard let file = Self.onlyFile[found.target] else { continue }
            #expect(found.file == file, "\(found.module) is for \(file)")
        }
    }

    @Test func theTableHasNoDeadEntry() {
        for (target, modules) in Self.foreign {
            for module in modules {
                let isUsed = Self.imports.contains { $0.target == target && $0.module == module }
                #expect(isUsed, "\(target) does not import \(module) any more")
            }
        }
    }

    /// SwiftPM lets a target import what another one happens to build; this does not.
    @Test func everyImportStandsInThePackage() throws {
        let declared = try PackageManifest.dependencies()
        #expect(declared.count > 10, "the manifest was read")
        for found in Self.imports where Self.layer(found.module) != nil {
            let isDeclared = declared[found.target]?.contains(found.module) ?? false
            #expect(isDeclared, "Package.swift does not let \(found.target) import \(found.module): \(found.file)")
        }
        for (target, modules) in declared where Self.layer(target) != nil {
            for module in modules {
                guard let from = Self.layer(target), let to = Self.layer(module) else { continue }
                #expect(from < to, "Package.swift: \(target) on \(module)")
            }
        }
    }

    @Test func nobodyImportsFoundation() {
        for found in Self.imports {
            #expect(!found.module.hasPrefix("Foundation"), "\(found.file)")
        }
    }
}
