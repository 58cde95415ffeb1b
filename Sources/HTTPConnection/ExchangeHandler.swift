package import HTTPSemantics

/// Who reads a request's body and gives its answer piece by piece. It is told nothing from within a call of its own to
/// the exchange.
package protocol ExchangeHandler: AnyObject {
    /// Content of the body, where it lies: `content` of `window`. Of a body in chunks there is room around it for
    /// another chunk's frame. Nothing lasts beyond the call.
    func bodyReceived(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>)
    /// The body is complete. Not told where there is none.
    func bodyEnded(_ trailers: HeaderFields)
    /// Some of what waited has gone to the client's kernel.
    func answerAdvanced()
    /// The client is gone, or broke a rule and was told so: nothing more is heard of it.
    func clientLeft()
}
