internal import CLinux

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
}
