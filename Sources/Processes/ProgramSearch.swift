internal import Glibc
internal import SystemCalls

/// Finds a program the way execvp(3) does, in the PATH of the child rather than the server's.
package enum ProgramSearch {
    /// What would keep the program from being started, found before anybody connects; nil: nothing that shows now.
    /// `path` is the PATH of the child, `directory` where it will stand.
    package static func obstacle(_ name: String, path: String?, directory: String?) -> SpawnError? {
        do throws(SpawnError) {
            let resolved = Self.locate(try Self.resolve(name, in: path), from: directory)
            switch Self.look(at: resolved) {
            case .executable: return nil
            case .forbidden: return SpawnError(.child(.program), errno: .notPermitted, path: resolved)
            case .folder: return SpawnError(.child(.program), errno: .isDirectory, path: resolved)
            case .absent: return SpawnError(.child(.program), errno: .noSuchFile, path: resolved)
            }
        } catch {
            return error
        }
    }

    /// Relative and empty directories are passed over: "the current directory" would be whatever the server
    /// stands in.
    static func resolve(_ name: String, in path: String?) throws(SpawnError) -> String {
        if name.utf8.contains(UInt8(ascii: "/")) { return name }
        var forbidden: String?
        for directory in (path ?? "").split(separator: ":") where directory.hasPrefix("/") && !name.isEmpty {
            let candidate = "\(directory)/\(name)"
            switch Self.look(at: candidate) {
            case .executable: return candidate
            case .forbidden: forbidden = forbidden ?? candidate
            case .folder, .absent: break
            }
        }
        if let forbidden { throw SpawnError(.child(.program), errno: .notPermitted, path: forbidden) }
        throw SpawnError(.search, errno: .noSuchFile, path: name)
    }

    /// `directory` is where the child stands; nil: where the server stands.
    static func exists(_ path: String, from directory: String?) -> Bool {
        unsafe access(Self.locate(path, from: directory), F_OK) == 0
    }

    private static func locate(_ path: String, from directory: String?) -> String {
        guard let directory, !path.hasPrefix("/") else { return path }
        return "\(directory)/\(path)"
    }

    private enum Finding { case executable, forbidden, folder, absent }

    private static func look(at path: String) -> Finding {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .absent }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder }
        guard status.st_mode & S_IFMT == S_IFREG else { return .absent }
        return unsafe access(path, X_OK) == 0 ? .executable : .forbidden
    }
}
