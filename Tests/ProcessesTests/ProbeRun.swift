import Glibc
import Processes
import ProcessesProbe
import SystemCalls

/// The stand-in server, built next to the tests.
enum ProbeRun {
    static func words(_ task: String, _ script: String = "") -> [String] {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        let own = String(decoding: path[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = own.split(separator: "/").dropLast().joined(separator: "/")
        return ["/\(directory)/ProcessesProbe", task, script]
    }

    static func run(_ task: String, _ script: String = "") throws -> ChildRun {
        try ChildRun.run(Self.words(task, script))
    }
}

/// A directory that goes away with its owner.
final class ScratchDirectory {
    let path: String
    private var files: [String] = []

    init() throws {
        var template = Array("/tmp/processes-tests-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Errno.current }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for file in self.files { unsafe unlink(file) }
        unsafe rmdir(self.path)
    }

    func script(_ name: String, _ text: String) throws -> String {
        let file = "\(self.path)/\(name)"
        self.files.append(file)
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o700)
        guard descriptor >= 0 else { throw Errno.current }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw Errno.current }
        return file
    }
}
