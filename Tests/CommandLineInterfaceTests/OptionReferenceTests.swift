import CommandLineInterface
import Configuration
import Glibc
import Testing

@Suite struct OptionReferenceTests {
    @Test func theDocumentIsWhatTheTableSays() throws {
        guard case .print(let reference) = Invocation(arguments: ["option-reference"]) else {
            Issue.record("no reference")
            return
        }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let document = try #require(contents(of: "/\(root)/docs/options.md"))
        #expect(document == reference + "\n", "run: wsbridge option-reference > docs/options.md")
    }

    private func contents(of path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
