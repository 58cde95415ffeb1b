package import HTTPSemantics

/// Who reads a request's body and gives its answer piece by piece. It is told nothing from within a call of its own to
/// the exchange.
package protocol ExchangeHandler: AnyObject {
    /// Whether it looks after the client: then it hears of one that ends its direction, which is the end for it, and
    /// itself gives up one that takes nothing. Else the connection does the latter, and nobody asks for the former
    /// until the answer is out.
    var attendsClient: Bool { get }
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

/// As handlers have it that read no body.
extension ExchangeHandler {
    package func bodyReceived(_ window: inout MutableSpan<UInt8>, _ content: Range<Int>) {}
    package func bodyEnded(_ trailers: HeaderFields) {}
}
