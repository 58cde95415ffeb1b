internal import CLinux
internal import Glibc

/// sendfile(2) and pread(2): parts of an open file, from where the caller says.
package enum FileTransfer {
    /// From a file to a socket. Nil: this file cannot be sent so (EINVAL, ENOSYS), and is to be read.
    package static func send(
        _ file: borrowing Descriptor, from offset: Int64, count: Int, to socket: CInt
    ) -> Transfer? {
        let transfer = Transfer.retrying { clinux_sendfile(socket, file.rawValue, offset, count) }
        guard case .failed(let error) = transfer, error.rawValue == EINVAL || error.rawValue == ENOSYS else {
            return transfer
        }
        return nil
    }

    /// Into `window` from `start` on, as much as fits; never `notReady`.
    package static func read(
        _ file: borrowing Descriptor, from offset: Int64, into window: inout MutableSpan<UInt8>, at start: Int
    ) -> Transfer {
        let room = window.count - start
        let raw = file.rawValue
        return unsafe window.withUnsafeMutableBytes { bytes in
            Transfer.retrying { unsafe clinux_pread(raw, bytes.baseAddress.map { unsafe $0 + start }, room, offset) }
        }
    }
}
