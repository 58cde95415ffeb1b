internal import CLinux
internal import Glibc

/// A pipe between us and a child: close-on-exec both, ours non-blocking, the child's blocking as programs
/// expect.
@frozen @usableFromInline  // the descriptors are taken out one by one in other modules
package struct ChildPipe: ~Copyable {
    package var ours: Descriptor
    package var theirs: Descriptor

    package enum Direction { case toChild, fromChild }

    /// `bytes` asks for a capacity (F_SETPIPE_SZ); a refusal leaves the kernel's 64 KiB, for it is a wish.
    package init(_ direction: Direction, bytes: Int? = nil) throws(Errno) {
        var ends: (CInt, CInt) = (-1, -1)
        let answer = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe clx_pipe(bytes.assumingMemoryBound(to: CInt.self).baseAddress)
        }
        if answer != 0 { throw .current }
        let reading = Descriptor(owning: ends.0)
        let writing = Descriptor(owning: ends.1)
        if let bytes { _ = clx_pipe_size_set(writing.rawValue, CInt(clamping: bytes)) }
        switch direction {
        case .toChild:
            try writing.makeNonBlocking()
            self.ours = writing
            self.theirs = reading
        case .fromChild:
            try reading.makeNonBlocking()
            self.ours = reading
            self.theirs = writing
        }
    }
}

/// A pseudo terminal: we hold the master, the child gets the slave.
@frozen @usableFromInline  // the descriptors are taken out one by one in other modules
package struct ChildTerminal: ~Copyable {
    package var master: Descriptor
    package var slave: Descriptor

    package init(size: TerminalSize) throws(Errno) {
        var master: CInt = -1
        var slave: CInt = -1
        if unsafe clx_terminal_open(&master, &slave, size.columns, size.rows) != 0 { throw .current }
        let ours = Descriptor(owning: master)
        let theirs = Descriptor(owning: slave)
        try ours.makeNonBlocking()
        self.master = ours
        self.slave = theirs
    }
}

package struct TerminalSize: Equatable, Sendable {
    package var columns: UInt16
    package var rows: UInt16

    package init(columns: UInt16, rows: UInt16) {
        self.columns = columns
        self.rows = rows
    }

    /// The size terminals have had since 1978.
    package static let standard = TerminalSize(columns: 80, rows: 24)
}

extension Descriptor {
    /// Tells the programs on a terminal that it has another size now (they get SIGWINCH). TIOCSWINSZ
    package borrowing func resizeTerminal(to size: TerminalSize) throws(Errno) {
        if clx_terminal_resize(self.rawValue, size.columns, size.rows) != 0 { throw .current }
    }

    /// A second descriptor for the same open file. F_DUPFD_CLOEXEC
    package borrowing func duplicate() throws(Errno) -> Descriptor {
        let copy = fcntl(self.rawValue, F_DUPFD_CLOEXEC, 3)
        if copy < 0 { throw .current }
        return Descriptor(owning: copy)
    }

    /// For descriptors just made, which have no other status flags to keep.
    fileprivate borrowing func makeNonBlocking() throws(Errno) {
        if fcntl(self.rawValue, F_SETFL, O_NONBLOCK) != 0 { throw .current }
    }

    /// /dev/null for writing.
    package static func nowhere() throws(Errno) -> Descriptor {
        let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        if null < 0 { throw .current }
        return Descriptor(owning: null)
    }
}
