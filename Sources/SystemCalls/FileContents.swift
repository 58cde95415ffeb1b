internal import Glibc

/// What tells one state of a file from another (stat(2)), without reading it.
package struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    /// Nanoseconds since 1970.
    private let modified: Int64

    /// Follows links: a link that is turned to another file is another state. Nil when there is no file.
    package init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    fileprivate init(_ status: stat) {
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
        self.size = Int64(status.st_size)
        self.modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }
}

/// A file that was read whole.
package struct FileContents: Sendable {
    package let bytes: [UInt8]
    package let stamp: FileStamp
    /// Users besides the owner and the group may read it.
    package let isReadableByOthers: Bool

    /// Certificates and keys have some kilobytes; a bundle of all public authorities has 300 KiB.
    package static let bytesMaxStandard = 4 << 20

    /// Reads a regular file of at most `bytesMax` bytes; a larger one is EFBIG.
    package init(_ path: String, bytesMax: Int = FileContents.bytesMaxStandard) throws(Errno) {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw .current }
        let descriptor = Descriptor(owning: raw)
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { throw .current }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Errno(rawValue: EISDIR) }
        self.stamp = FileStamp(status)
        self.isReadableByOthers = status.st_mode & S_IROTH != 0
        self.bytes = try Self.read(descriptor.rawValue, bytesMax: bytesMax)
    }

    private static func read(_ descriptor: CInt, bytesMax: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                let error = Errno.current
                if error == .interrupted { continue }
                throw error
            }
            guard bytes.count + count <= bytesMax else { throw Errno(rawValue: EFBIG) }
            bytes += chunk[..<count]
        }
    }
}
