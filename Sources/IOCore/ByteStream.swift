package import Buffers
package import SystemCalls

/// A way for bytes in, out, or both, that one worker owns: a socket, one end of a pipe, later TLS over either.
///
/// Everything happens on the worker's thread, and a stream calls its delegate only from the worker's turn,
/// never from inside a call of the delegate's own.
package protocol ByteStream: AnyObject {
    /// Who is told; the stream keeps it alive until `close`.
    var delegate: (any ByteStreamDelegate)? { get set }

    /// Bytes taken over by `write` that the kernel has not taken yet.
    var unsentCount: Int { get }
    /// Bytes on their way: unsent, or not acknowledged by the peer.
    var undeliveredCount: Int { get }

    /// Sends what the kernel takes at once and keeps the rest. Calls nobody back.
    func write(_ bytes: Span<UInt8>)
    /// The same for a buffer that changes hands: its rest is kept without a copy.
    func write(_ buffer: consuming PooledBuffer)
    /// Sends from a file what the kernel takes at once, without a copy; only while nothing is unsent. When it is less
    /// than `count`, `outputAdvanced` tells when there is room again, or why there was less: `ended` then says that
    /// the file is shorter. Nil: this stream, or this file, is read and written instead. sendfile(2)
    func sendFile(_ file: borrowing Descriptor, from offset: Int64, count: Int) -> Transfer?

    /// No more input is delivered until `resumeReading`. Both may be called any number of times.
    func pauseReading()
    func resumeReading()

    /// Ends our side once everything is sent (shutdown(2) or close(2) of a pipe). Input goes on.
    func finishWriting()
    /// Drops what is unsent and lets go of the descriptor. The delegate hears nothing more.
    func close()
}

extension ByteStream {
    /// As streams have it that change the bytes.
    package func sendFile(_ file: borrowing Descriptor, from offset: Int64, count: Int) -> Transfer? { nil }
}

/// What a stream tells its owner.
package protocol ByteStreamDelegate: AnyObject {
    /// Bytes came in: those from `start` on, in place. Everything in the window may be overwritten, at least
    /// `ReceiveWindow.headroom` bytes before `start` included; nothing of it lasts beyond the call.
    func received(_ window: inout MutableSpan<UInt8>, from start: Int)
    /// The other side ended its direction: nothing more comes.
    func inputEnded()
    /// Some of what had to wait has gone to the kernel; `unsentCount` tells what is left.
    func outputAdvanced()
    /// The stream broke. It is closed already.
    func failed(_ failure: StreamFailure)
}

/// A stream's delegate that is itself a stream for somebody else.
package protocol StreamLayer: ByteStreamDelegate {
    /// Whom it works for; nil before there is somebody.
    var upper: (any ByteStreamDelegate)? { get }
}

/// Why a stream broke: what the world did to it.
package enum StreamFailure: Error, Equatable, Sendable {
    /// The kernel said so: a C `errno`.
    case system(CInt)
    /// The worker's buffers were taken by others for too long.
    case outOfBuffers
    /// The transport ended without the goodbye that TLS demands: what came last may be half of what was sent.
    case cut
    /// The peer broke the rules of TLS, or said that we did.
    case violated(reason: String)
}

/// The shape of the window that input is delivered in.
public enum ReceiveWindow {
    /// Bytes taken by one read at most: sixteen messages of 16 KiB, and it stays in the cache.
    @inlinable public static var bytesMax: Int { 256 << 10 }
    /// Room before the input: for what a decoder kept, and for a header in front of the first byte.
    @inlinable public static var headroom: Int { 192 }
}
