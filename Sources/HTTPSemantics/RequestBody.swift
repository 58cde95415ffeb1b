/// How long the body is that follows a request head.
package enum RequestBody: Hashable, Sendable {
    /// No body, or one of zero bytes: the next request starts right behind the head.
    case none
    /// A body of this many bytes, at least one.
    case length(Int)
    /// A body in chunks; its length shows at its end.
    case chunked
}
