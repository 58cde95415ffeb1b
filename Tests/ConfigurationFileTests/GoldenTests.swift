import Configuration
import ConfigurationFile
import Glibc
import Testing

/// Files above, plans or diagnostics below: Golden/*.txt, cut by a line of dashes. To add one, write the part above,
/// let `WSBRIDGE_GOLDEN=write swift test --filter GoldenTests` add what came out, and read that.
@Suite struct GoldenTests {
    struct Golden: CustomTestStringConvertible, Sendable {
        let name: String
        let input: String
        let expected: String
        var testDescription: String { self.name }
    }

    static let goldens: [Golden] = Self.names().compactMap { name in
        guard let text = Self.text("\(Self.folder)/\(name)") else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let cut = lines.firstIndex { $0.hasPrefix("-----") } ?? lines.count
        return Golden(
            name: name, input: lines[..<cut].map { $0 + "\n" }.joined(),
            expected: lines.dropFirst(cut + 1).joined(separator: "\n").trimmed)
    }

    @Test func thereAreSome() { #expect(Self.goldens.count >= 10) }

    @Test(arguments: goldens)
    func theFileIsReadAsExpected(_ golden: Golden) {
        let file = ConfigurationFile(name: "wsbridge.toml", text: Array(golden.input.utf8))
        let outcome =
            switch file.check(in: PaperSurroundings()) {
            case .success(let checked): "\(file.report(checked.warnings))\n\(checked.plan)".trimmed
            case .failure(let diagnostics): file.report(diagnostics.entries)
            }
        if unsafe getenv("WSBRIDGE_GOLDEN") != nil {
            Self.write("\(golden.input)----------\n\(outcome)\n", to: "\(Self.folder)/\(golden.name)")
        } else {
            #expect(outcome == golden.expected, "what came out:\n\(outcome)")
        }
    }

    private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Golden"

    private static func names() -> [String] {
        guard let directory = unsafe opendir(Self.folder) else { return [] }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".txt") { names.append(name) }
        }
        return names.sorted()
    }

    private static func write(_ text: String, to path: String) {
        guard let file = unsafe fopen(path, "w") else { return }
        defer { unsafe _ = fclose(file) }
        _ = unsafe fputs(text, file)
    }

    private static func text(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe _ = fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(validating: bytes[..<count], as: UTF8.self)
    }
}

/// A machine on which `missing` is missing, wherever it is named.
private struct PaperSurroundings: Surroundings {
    private func obstacle(_ what: String, _ name: String) -> ValueFault? {
        name.contains("missing") ? ValueFault("there is no \(what) '\(name)'", remedy: "make one") : nil
    }

    func obstacle(toStarting command: CommandPlan) -> ValueFault? { self.obstacle("program", command.words[0]) }
    func obstacle(toEntering directory: String) -> ValueFault? { self.obstacle("directory", directory) }
    func obstacle(toRunningAs user: AccountName) -> ValueFault? { self.obstacle("user", "\(user)") }
    func obstacle(toJoining group: AccountName) -> ValueFault? { self.obstacle("group", "\(group)") }
    func obstacle(toListeningAt path: String) -> ValueFault? { self.obstacle("directory", path) }

    func faults(of tls: TLSPlan) -> [FileFault] {
        guard case .files(let files) = tls.certificates else { return [] }
        return files.enumerated().flatMap { index, files in
            self.fault(.tlsCert, files.chain, index) + self.fault(.tlsKey, files.key, index)
        } + self.fault(.tlsClientCA, tls.clientAuthorities ?? "", 0)
    }

    func faults(of tls: UpstreamTLSPlan) -> [FileFault] { self.fault(.upstreamTLSCA, tls.authorities ?? "", 0) }
    func faults(ofTokenMap path: String) -> [FileFault] { self.fault(.tokenMap, path, 0) }

    private func fault(_ option: OptionName, _ path: String, _ index: Int) -> [FileFault] {
        self.obstacle("file", path).map { [FileFault(.error, option, index: index, $0)] } ?? []
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == "\n" { text.removeFirst() }
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
