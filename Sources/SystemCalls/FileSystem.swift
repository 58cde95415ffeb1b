internal import Glibc

/// unlink(2) and lstat(2) for the one kind of file we make.
package enum FileSystem {
    /// Removes `path` if it is a socket.
    package static func removeSocket(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        _ = unsafe unlink(path)
    }
}
