internal import Glibc

/// unlink(2), stat(2), access(2), and open(2) for reading a file whole.
package enum FileSystem {
    /// Removes `path` if it is a socket; false where something else lies there.
    @discardableResult
    package static func removeSocket(_ path: String) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return true }
        guard status.st_mode & S_IFMT == S_IFSOCK else { return false }
        _ = unsafe unlink(path)
        return true
    }

    /// What keeps this process from entering a directory; nil: nothing.
    package static func obstacle(toEntering directory: String) -> Errno? {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { return .current }
        guard status.st_mode & S_IFMT == S_IFDIR else { return .notDirectory }
        return unsafe access(directory, X_OK) == 0 ? nil : .current
    }

    /// The bytes of a file, at most one more than `bytesMax`: then it is larger.
    package static func read(_ path: String, bytesMax: Int) throws(Errno) -> [UInt8] {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { throw .current }
        let descriptor = Descriptor(owning: raw)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= bytesMax {
            let wanted = min(chunk.count, bytesMax + 1 - bytes.count)
            let count = unsafe Glibc.read(descriptor.rawValue, &chunk, wanted)
            if count == 0 { break }
            guard count > 0 else {
                let error = Errno.current
                if error == .interrupted { continue }
                throw error
            }
            bytes += chunk[..<count]
        }
        return bytes
    }
}

/// Mode and owner of a unix socket's file; what is absent stays as bind(2) made it.
package struct SocketFile: Sendable, Equatable {
    package var mode: UInt16?
    package var user: UInt32?
    package var group: UInt32?

    package init(mode: UInt16? = nil, user: UInt32? = nil, group: UInt32? = nil) {
        self.mode = mode
        self.user = user
        self.group = group
    }

    /// chown(2) first: it may take bits of the mode away.
    package func apply(to path: String) throws(Errno) {
        if self.user != nil || self.group != nil {
            guard unsafe chown(path, self.user ?? .max, self.group ?? .max) == 0 else { throw .current }
        }
        if let mode = self.mode {
            guard unsafe chmod(path, mode_t(mode)) == 0 else { throw .current }
        }
    }
}
