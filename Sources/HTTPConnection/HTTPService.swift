package import HTTPSemantics

/// Answers exchanges. It may answer within the call or later, on the same thread, and must do so exactly once.
package protocol HTTPService: AnyObject {
    func serve(_ exchange: Exchange)
    /// A request was refused before it became an exchange: for the log.
    func refused(_ client: ClientConnection, _ status: Status, _ reason: String)
}
