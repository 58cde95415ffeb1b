import Testing

/// The house rules that a machine can see.
@Suite struct StyleTests {
    private static let linesMax = 250
    private static let functionLinesMax = 70
    private static let columnsMax = 120

    /// Files above the bound, with their size: a number here may only shrink, and an entry that is no longer needed
    /// goes.
    static let longFiles: [String: Int] = [:]

    /// Files with lines above the bound, with their number: it may only shrink.
    static let filesWithLongLines: [String: Int] = [:]

    /// Files whose `default:` stands in a switch over bytes, numbers, strings, or an enum of somebody else's.
    static let defaults: Set<String> = [
        "Sources/Bridge/ChildEnvironment.swift",
        "Sources/CommandLineInterface/Invocation.swift",
        "Sources/Configuration/Draft/AccessNames.swift",
        "Sources/HTTP1/RequestHeadParser.swift",
        "Sources/HTTPSemantics/Authority.swift",
        "Sources/StdioFraming/UTF8Sequence.swift",
        "Sources/SystemCalls/Socket.swift",
        "Sources/SystemCalls/SocketAddress.swift",
        "Sources/Telemetry/LogEscape.swift",
        "Sources/WebSocket/CloseCode.swift",
        "Sources/WebSocket/UTF8Validator.swift",
    ]

    /// Where `unsafe` may stand, and why there.
    static let unsafePlaces: [String: String] = [
        "Sources/Buffers/": "owns the raw memory",
        "Sources/SystemCalls/": "calls C",
        "Sources/HTTPSemantics/FieldContent.swift": "touches every byte of a head; has slow safe twins in the tests",
        "Sources/UTF8Text/TextEnd.swift": "touches every byte of text; has a slow safe twin in the tests",
        "Sources/WebSocket/MaskingKernel.swift": "touches every payload byte; has a slow safe twin in the tests",
        "Sources/StdioFraming/ByteSearch.swift": "memchr(3); has a slow safe twin in the tests",
        "Sources/ConfigurationFile/TOMLDocument.swift": "calls C",
        "Sources/Processes/ProgramSearch.swift": "stat(2) and access(2)",
        "Sources/TLSEngine/": "calls OpenSSL",
    ]

    @Test func filesAreShort() {
        for file in SourceTree.sources + SourceTree.benchmarks {
            let count = file.lines.count - 1
            let bound = Self.longFiles[file.path] ?? Self.linesMax
            #expect(count <= bound, "\(file) has \(count) lines")
        }
        for (path, bound) in Self.longFiles {
            let count = (SourceTree.file(path)?.lines.count ?? 1) - 1
            #expect(count > Self.linesMax, "\(path) has \(count) lines: the entry for \(bound) can go")
        }
    }

    @Test func functionsFitAScreen() {
        for file in SourceTree.sources + SourceTree.benchmarks {
            for function in FunctionLength.measure(file) {
                #expect(
                    function.lines <= Self.functionLinesMax,
                    "\(file):\(function.line) has \(function.lines) lines")
            }
        }
    }

    @Test func linesFitTheScreen() {
        #expect(SourceTree.benchmarks.count > 5, "the benchmarks were found")
        for file in SourceTree.sources + SourceTree.benchmarks + SourceTree.tests {
            let long = file.lines.indices.filter { file.lines[$0].count > Self.columnsMax }.map { $0 + 1 }
            let bound = Self.filesWithLongLines[file.path]
            #expect(long.count <= bound ?? 0, "\(file): lines \(long)")
            #expect(bound == nil || !long.isEmpty, "the entry for \(file) can go")
        }
    }

    @Test func noTrailingSpaceNorTab() {
        for file in SourceTree.sources + SourceTree.benchmarks + SourceTree.tests {
            for (index, line) in file.lines.enumerated() where line.hasSuffix(" ") || line.contains("\t") {
                Issue.record("\(file):\(index + 1)")
            }
        }
    }

    @Test func switchesOverOurEnumsAreTotal() {
        var found: Set<String> = []
        for file in SourceTree.sources {
            for (index, line) in file.code.enumerated() where line.trimmed.hasPrefix("default:") {
                found.insert(file.path)
                #expect(Self.defaults.contains(file.path), "\(file):\(index + 1)")
            }
        }
        #expect(Self.defaults.subtracting(found).isEmpty, "entries that are no longer needed")
    }

    @Test func unsafeHasAnAddress() {
        var used: Set<String> = []
        for file in SourceTree.sources {
            for (index, line) in file.code.enumerated() where line.words.contains("unsafe") {
                let place = Self.unsafePlaces.keys.first { file.path.hasPrefix($0) }
                if let place { used.insert(place) }
                #expect(place != nil, "\(file):\(index + 1)")
            }
        }
        #expect(Set(Self.unsafePlaces.keys).subtracting(used).isEmpty, "places that are no longer needed")
    }

    /// No trap that an outsider could reach, and none that hides a failure.
    @Test(arguments: ["try!", "as!", "fatalError", "unowned(unsafe)", "nonisolated(unsafe)"])
    func isNotUsed(_ phrase: String) {
        for file in SourceTree.sources + SourceTree.benchmarks {
            for (index, line) in file.code.enumerated() where line.contains(phrase) {
                Issue.record("\(file):\(index + 1): \(phrase)")
            }
        }
    }

    /// What the compiler is asked to believe, with the reason.
    static let unchecked: [String: String] = [
        "Sources/SystemCalls/Lock.swift": "what it is for",
        "Sources/SystemCalls/ProcessSpawn.swift": "one thread at a time, which `~Copyable` and its owner see to",
        "Sources/SystemCalls/Semaphore.swift": "a semaphore is made for several threads",
        "Sources/TLSEngine/TLSContext.swift": "an SSL_CTX is not changed once it is shared, and counts its references",
        "Sources/TLSEngine/TicketKeys.swift": "the C side has a lock",
    ]

    @Test func sendableIsNotAClaim() {
        for file in SourceTree.sources {
            let isClaimed = file.code.contains { $0.contains("@unchecked") }
            #expect(isClaimed == (Self.unchecked[file.path] != nil), "\(file)")
        }
    }

    @Test func nothingIsUnwrappedByForce() {
        for file in SourceTree.sources + SourceTree.benchmarks {
            for (index, line) in file.code.enumerated() where line.unwrapsByForce {
                Issue.record("\(file):\(index + 1): \(line.trimmed)")
            }
        }
    }

    @Test func nothingIsLeftToDo() {
        let files = SourceTree.sources + SourceTree.benchmarks + SourceTree.tests
        for file in files where file.target != "ArchitectureTests" {
            for (index, line) in file.lines.enumerated() {
                for mark in ["TODO", "FIXME", "XXX", "HACK"] where line.words.contains(where: { $0 == mark }) {
                    Issue.record("\(file):\(index + 1): \(mark)")
                }
            }
        }
    }

    @Test func everyFileSaysWhatItIs() {
        for file in SourceTree.sources where !file.path.hasSuffix("main.swift") {
            let first = file.lines.first { !$0.isEmpty } ?? ""
            let begins = ["//", "import ", "internal import ", "package import ", "public import ", "extension "]
            #expect(begins.contains { first.hasPrefix($0) }, "\(file) begins with \(first)")
        }
    }

    /// A test waits for what it waits for. Programs under test may sleep.
    @Test func testsDoNotSleep() {
        #expect(SourceTree.pythonTests.count > 20, "the tests were found")
        let calls: Set<Substring> = ["sleep", "usleep", "nanosleep"]
        let files = SourceTree.pythonTests + SourceTree.tests.filter { $0.target != "ArchitectureTests" }
        let programs = ["Tests/EndToEnd/children/", "Tests/Interop/servers/"]
        for file in files where !programs.contains(where: { file.path.hasPrefix($0) }) {
            for (index, line) in file.lines.enumerated()
            where line.contains("sleep(") && !calls.isDisjoint(with: line.words) {
                Issue.record("\(file):\(index + 1)")
            }
        }
    }

    /// Seeds are printed and read back in one place.
    @Test func testsHaveOneGenerator() {
        let generators = SourceTree.tests.filter { file in
            file.target != "ArchitectureTests" && file.lines.contains { $0.contains(": RandomNumberGenerator") }
        }
        #expect(generators.map(\.path) == ["Tests/SimulatedIO/SeededGenerator.swift"])
    }

    /// `Manager`, `Helper` and the like say nothing about what a type is for.
    @Test func namesSayWhatThingsAre() {
        for file in SourceTree.sources + SourceTree.benchmarks {
            let name = file.path.split(separator: "/").last?.split(separator: ".").first ?? ""
            for empty in ["Manager", "Helper", "Util", "Utils", "Impl", "Base", "Common", "Misc"] {
                #expect(!name.hasSuffix(empty), "\(file)")
            }
        }
    }

    @Test func nothingNamesAMachine() {
        let marks = ["/home/", "/Users/", "/root/", "/work/"]
        let files = SourceTree.documents + SourceTree.sources + SourceTree.benchmarks + SourceTree.tests
        for file in files where file.target != "ArchitectureTests" {
            for (index, line) in file.lines.enumerated() {
                for mark in marks where line.contains(mark) { Issue.record("\(file):\(index + 1): \(mark)") }
            }
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        self.drop { $0 == " " }
    }

    /// Runs of letters, digits and underscores.
    fileprivate var words: [SubSequence] {
        self.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    }

    /// A `!` right behind a name or a closing bracket that is neither `!=` nor the mark of a type.
    fileprivate var unwrapsByForce: Bool {
        var before: Character = " "
        for (character, next) in zip(self, self.dropFirst() + " ") {
            let isBehindValue = before.isLetter || before.isNumber || ")]}_".contains(before)
            if character == "!", isBehindValue, next != "=" { return true }
            before = character
        }
        return false
    }
}
