/// A worker's way to names: questions go to the resolver's threads, answers come back through the worker's mailbox.
package final class WorkerResolver: NameLookup {
    private let resolver: Resolver
    private let post: @Sendable (NameDelivery) -> Void
    private var waiting: [UInt64: Waiting] = [:]
    private var lastNumber: UInt64 = 0

    /// Who waits has a deadline, and its timer keeps it alive: a worker that ends lets go of it.
    private struct Waiting { weak var client: (any NameLookupClient)? }

    /// `post`: from a thread of the resolver's, brings the delivery to `deliver` on the worker's.
    package init(_ resolver: Resolver, post: @escaping @Sendable (NameDelivery) -> Void) {
        self.resolver = resolver
        self.post = post
    }

    package func resolve(_ name: String, _ client: any NameLookupClient) -> NameLookupOutcome {
        self.lastNumber += 1
        let number = self.lastNumber
        let post = self.post
        if let answer = self.resolver.ask(name, reply: { post(NameDelivery(number: number, answer: $0)) }) {
            return .known(answer)
        }
        self.waiting[number] = Waiting(client: client)
        return .asked(Ticket(number, self))
    }

    /// On the worker's thread.
    package func deliver(_ delivery: NameDelivery) {
        self.waiting.removeValue(forKey: delivery.number)?.client?.nameResolved(delivery.answer)
    }

    private final class Ticket: NameLookupTicket {
        private let number: UInt64
        private let resolver: WorkerResolver

        init(_ number: UInt64, _ resolver: WorkerResolver) {
            self.number = number
            self.resolver = resolver
        }

        func cancel() { self.resolver.waiting[self.number] = nil }
    }
}

/// A resolver's answer on its way from one thread to another.
package struct NameDelivery: Sendable {
    let number: UInt64
    let answer: NameAnswer
}
