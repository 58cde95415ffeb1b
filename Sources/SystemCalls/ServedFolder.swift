internal import CLinux
internal import Glibc

/// A folder whose files outsiders may ask for: paths lead nowhere but below it, whatever links do meanwhile.
package final class ServedFolder: Sendable {
    private let descriptor: Descriptor

    /// Links in `path` itself are followed: the operator wrote it.
    package init(_ path: String) throws(Errno) {
        let raw = unsafe clinux_open_folder(path)
        guard raw >= 0 else { throw .current }
        self.descriptor = Descriptor(owning: raw)
    }

    /// Opens what a relative path names, and looks at it. The path has no NUL.
    ///
    /// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS: a link that leads out is EXDEV. Nothing is waited
    /// for: a fifo or a device is opened without effect and told by its status.
    package func open(_ path: [UInt8]) throws(Errno) -> OpenFile {
        var text: [UInt8] = []
        text.reserveCapacity(path.count + 2)
        text += path
        if path.isEmpty { text.append(UInt8(ascii: ".")) }
        text.append(0)
        let raw = unsafe text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return CInt(-1) }
            return unsafe clinux_open_beneath(
                self.descriptor.rawValue, base.assumingMemoryBound(to: CChar.self))
        }
        guard raw >= 0 else { throw .current }
        return try OpenFile(Descriptor(owning: raw))
    }
}
