/// How much of a request head is read before it is refused.
package struct RequestHeadLimits: Hashable, Sendable {
    /// Bytes of the request line with its line end.
    ///
    /// 8 KiB is what nginx and Apache allow and what RFC 9112 section 3 asks for at least (8000): tokens in a
    /// query of a WebSocket URL do get long, because a browser can set no header there.
    package var requestLineBytesMax: Int
    /// Bytes of all field lines together with the empty line that ends them.
    ///
    /// 16 KiB as in Node.js and h11: room for several cookies of 4 KiB each, and small against the receive
    /// window.
    package var headerBytesMax: Int
    /// Number of field lines.
    ///
    /// 100 as in Apache; a browser sends about 20. Look-ups are linear, so the number is the
    /// bound on their cost.
    package var fieldCountMax: Int

    /// Empty lines in front of a request that are skipped: RFC 9112 section 2.2 asks for one, left over from
    /// clients that end a body with a line break nobody counted.
    package static let leadingEmptyLinesMax = 1

    package init(
        requestLineBytesMax: Int = 8 * 1024,
        headerBytesMax: Int = 16 * 1024,
        fieldCountMax: Int = 100
    ) {
        self.requestLineBytesMax = requestLineBytesMax
        self.headerBytesMax = headerBytesMax
        self.fieldCountMax = fieldCountMax
    }

    /// No request head, accepted or refused, is ever longer than this: what the caller must be able to hold.
    package var requestHeadBytesMax: Int {
        2 * RequestHeadLimits.leadingEmptyLinesMax + self.requestLineBytesMax + self.headerBytesMax
    }
}
