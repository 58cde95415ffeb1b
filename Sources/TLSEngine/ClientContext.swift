/// How we connect to others: whom we trust, and as whom we come.
package final class ClientContext: Sendable {
    let context: TLSContext

    /// `identity`: our own certificate for servers that ask for one. Throws what is wrong with the settings.
    package init(_ settings: TLSSettings, identity: TLSIdentity? = nil) throws(TLSDiagnostic) {
        self.context = try TLSContext(settings, isClient: true, tickets: nil)
        if let identity { try self.context.use(identity) }
    }
}
