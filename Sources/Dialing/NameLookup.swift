package import SystemCalls

/// What is known about a name.
package enum NameAnswer: Equatable, Sendable {
    /// At least one, in the order in which they are to be tried; ports are 0.
    case addresses([SocketAddress])
    /// There is no such name. A reason is one line, without the name.
    case unknown(reason: String)
    /// Nobody could be asked.
    case failed(reason: String)
}

/// Resolves names without stopping the worker.
package protocol NameLookup: AnyObject {
    func resolve(_ name: String, _ client: any NameLookupClient) -> NameLookupOutcome
}

package enum NameLookupOutcome {
    case known(NameAnswer)
    /// The client is told in a later turn, unless it is called off; it is not kept alive.
    case asked(any NameLookupTicket)
}

package protocol NameLookupClient: AnyObject {
    func nameResolved(_ answer: NameAnswer)
}

package protocol NameLookupTicket: AnyObject {
    func cancel()
}
