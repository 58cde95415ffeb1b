internal import Glibc

/// What the kernel answered when it said no: a C `errno`.
package struct Errno: Error, Equatable, Hashable, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// The `errno` of the system call that has just failed on this thread.
    package static var current: Errno { Errno(rawValue: errno) }

    package static let interrupted = Errno(rawValue: EINTR)
    package static let wouldBlock = Errno(rawValue: EAGAIN)
    package static let inProgress = Errno(rawValue: EINPROGRESS)
    package static let timedOut = Errno(rawValue: ETIMEDOUT)
    package static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    package static let inputOutput = Errno(rawValue: EIO)
    package static let brokenPipe = Errno(rawValue: EPIPE)
    package static let connectionReset = Errno(rawValue: ECONNRESET)
    package static let connectionAborted = Errno(rawValue: ECONNABORTED)
    package static let addressInUse = Errno(rawValue: EADDRINUSE)
    package static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
    package static let fileExists = Errno(rawValue: EEXIST)
    package static let processFilesMax = Errno(rawValue: EMFILE)
    package static let systemFilesMax = Errno(rawValue: ENFILE)
    package static let noMemory = Errno(rawValue: ENOMEM)
    package static let noBuffers = Errno(rawValue: ENOBUFS)
    package static let noSuchProcess = Errno(rawValue: ESRCH)
    package static let notDirectory = Errno(rawValue: ENOTDIR)
    package static let isDirectory = Errno(rawValue: EISDIR)
    package static let tooManyLinks = Errno(rawValue: ELOOP)
    package static let crossesFolder = Errno(rawValue: EXDEV)
    package static let noSuchDevice = Errno(rawValue: ENXIO)
    package static let noDevice = Errno(rawValue: ENODEV)
    package static let noSuchFile = Errno(rawValue: ENOENT)
    package static let notPermitted = Errno(rawValue: EACCES)
    package static let argumentsTooLong = Errno(rawValue: E2BIG)
    package static let unknownFormat = Errno(rawValue: ENOEXEC)
    package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    package static let noRoute = Errno(rawValue: EHOSTUNREACH)
    package static let invalidArgument = Errno(rawValue: EINVAL)
    package static let noChild = Errno(rawValue: ECHILD)
}

extension Errno: CustomStringConvertible {
    /// The kernel's words for it, as strerror(3) has them.
    package var description: String {
        unsafe String(cString: strerror(self.rawValue))
    }
}
