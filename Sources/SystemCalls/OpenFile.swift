internal import CLinux
internal import Glibc

/// A file or a folder that is open for reading, and what it was when it was opened.
package struct OpenFile: ~Copyable {
    package enum Kind: Equatable, Sendable {
        case regular
        case folder
        /// A fifo, a socket, a device.
        case other
    }

    package let descriptor: Descriptor
    package let kind: Kind
    /// Bytes.
    package let size: Int64
    /// Since 1970; before it, negative.
    package let modifiedSeconds: Int64
    package let modifiedNanoseconds: UInt32
    package let inode: UInt64

    init(_ descriptor: consuming Descriptor) throws(Errno) {
        var status = clinux_file_status()
        guard unsafe clinux_file_status(descriptor.rawValue, &status) == 0 else { throw .current }
        self.kind = status.is_regular ? .regular : status.is_folder ? .folder : .other
        self.size = status.size
        self.modifiedSeconds = status.modified_seconds
        self.modifiedNanoseconds = status.modified_nanoseconds
        self.inode = status.inode
        self.descriptor = descriptor
    }

    /// What is left when its status is known.
    package consuming func takeDescriptor() -> Descriptor { self.descriptor }
}

// MARK: - Folders

extension OpenFile {
    /// The names in a folder, but for `.` and `..`, in the order of the file system; `isCut`: there are more than
    /// `namesMax`. fdopendir(3)
    package func names(namesMax: Int) throws(Errno) -> (names: [(bytes: [UInt8], isFolder: Bool)], isCut: Bool) {
        guard let copy = Descriptor(duplicating: self.descriptor.rawValue) else { throw .current }
        let raw = copy.release()
        guard let stream = unsafe fdopendir(raw) else {
            let error = Errno.current
            _ = Descriptor(owning: raw)
            throw error
        }
        defer { unsafe closedir(stream) }
        var names: [(bytes: [UInt8], isFolder: Bool)] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
                unsafe Array(name.prefix { $0 != 0 })
            }
            guard bytes != [UInt8(ascii: ".")], bytes != Array("..".utf8) else { continue }
            guard names.count < namesMax else { return (names, true) }
            names.append((bytes, unsafe entry.pointee.d_type == UInt8(DT_DIR)))
        }
        return (names, false)
    }
}
