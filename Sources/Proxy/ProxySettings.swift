package import Forwarding
package import IOCore

/// What all exchanges of a proxied route on one worker share.
package final class ProxySettings {
    let connector: any Connector
    let rules: ForwardingRules
    /// Nanoseconds from a request that is complete to the head of its answer; nil: long polls may take for ever.
    let responseTimeout: UInt64?
    /// Nanoseconds that either side may take no byte of what waits for it, or send none of a body that is under way.
    let stallTimeout: UInt64
    /// The cookie that leads a client back to its server; nil: none does.
    let stickyCookie: String?
    /// The largest message of a tunnel, in bytes as they are on the wire; nil: the ends know.
    let messageBytesMax: UInt64?

    package init(
        connector: any Connector, rules: ForwardingRules, responseTimeout: UInt64?, stallTimeout: UInt64,
        stickyCookie: String?, messageBytesMax: UInt64?
    ) {
        self.connector = connector
        self.rules = rules
        self.responseTimeout = responseTimeout
        self.stallTimeout = stallTimeout
        self.stickyCookie = stickyCookie
        self.messageBytesMax = messageBytesMax
    }
}
