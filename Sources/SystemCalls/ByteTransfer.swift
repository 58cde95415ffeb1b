internal import CLinux
internal import Glibc

/// read(2), write(2), recv(2), send(2) on descriptors that do not block.
package enum ByteTransfer {
    /// recv(2) into `window` from `offset` on.
    package static func receive(_ socket: CInt, into window: inout MutableSpan<UInt8>, from offset: Int) -> Transfer {
        let room = window.count - offset
        return unsafe window.withUnsafeMutableBytes { bytes in
            Transfer.retrying { unsafe clinux_recv(socket, bytes.baseAddress.map { unsafe $0 + offset }, room) }
        }
    }

    /// read(2) into `window` from `offset` on.
    package static func read(_ pipe: CInt, into window: inout MutableSpan<UInt8>, from offset: Int) -> Transfer {
        let room = window.count - offset
        return unsafe window.withUnsafeMutableBytes { bytes in
            Transfer.retrying { unsafe clinux_read(pipe, bytes.baseAddress.map { unsafe $0 + offset }, room) }
        }
    }

    /// read(2) from the master of a terminal, whose EIO says that no program holds the other side.
    package static func readTerminal(
        _ master: CInt, into window: inout MutableSpan<UInt8>, from offset: Int
    ) -> Transfer {
        let transfer = Self.read(master, into: &window, from: offset)
        return transfer == .failed(.inputOutput) ? .ended : transfer
    }

    /// Types VEOF, and again: the first only ends a line that is not finished. Where the terminal takes nothing now,
    /// its programs have enough to read and are left to the teardown.
    package static func endTerminalInput(_ master: CInt) {
        _ = Self.write(master, ([0x04, 0x04] as [UInt8]).span)
    }

    /// send(2); a peer that is gone is EPIPE and no signal.
    package static func send(_ socket: CInt, _ bytes: Span<UInt8>) -> Transfer {
        unsafe bytes.withUnsafeBytes { raw in
            Transfer.retrying { unsafe clinux_send(socket, raw.baseAddress, raw.count, CInt(MSG_NOSIGNAL)) }
        }
    }

    /// write(2); SIGPIPE must be ignored.
    package static func write(_ pipe: CInt, _ bytes: Span<UInt8>) -> Transfer {
        unsafe bytes.withUnsafeBytes { raw in
            Transfer.retrying { unsafe clinux_write(pipe, raw.baseAddress, raw.count) }
        }
    }
}
