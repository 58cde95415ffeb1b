internal import Buffers
package import HTTP1
package import HTTPSemantics
package import IOCore

extension EventLoop {
    /// Brings the content of all chunks of `window` together in the scratch window, so that small ones do not cost a
    /// system call each, and hands it to `take` with room around it for one chunk's frame. What came before a violation
    /// is handed over too. Gives the trailers once the body has ended.
    ///
    /// `next` gives the pieces of the window, one after the other. The reader stays with the caller: `take` may ask it
    /// how far the body has come. `take` hears whether the content is the last, and nothing but an end without trailers
    /// follows. `room`: bytes in front of the content for something besides the frame; with the window's they must fit
    /// into `ReceiveWindow.bytesMax`.
    package func gatherChunks(
        of window: borrowing MutableSpan<UInt8>, room: Int = 0,
        _ next: (Span<UInt8>) throws(BodyViolation) -> BodyPiece?,
        _ take: (inout MutableSpan<UInt8>, Range<Int>, _ isLast: Bool) -> Void
    ) throws(BodyViolation) -> HeaderFields? {
        var violation: BodyViolation?
        var trailers: HeaderFields?
        self.withScratch { scratch in
            let start = ChunkFrame.headroom + room
            var end = start
            do throws(BodyViolation) {
                while trailers == nil, let piece = try next(window.span) {
                    switch piece {
                    case .data(let range):
                        ByteCopy.copy(window.span.extracting(range), into: &scratch, at: end)
                        end += range.count
                    case .end(let fields): trailers = fields
                    }
                }
            } catch {
                violation = error
            }
            if end > start { take(&scratch, start..<end, violation == nil && trailers?.isEmpty == true) }
        }
        if let violation { throw violation }
        return trailers
    }
}
