package import SystemCalls

/// Messages from other threads to a worker: a list behind a lock, and an eventfd(2) that wakes the worker.
///
/// Nothing in the data path goes through here; it carries spawned children, accepted descriptors and orders.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Lock<[Message]>([])
    private let wakeUp: WakeUp

    package init() throws(Errno) { self.wakeUp = try WakeUp() }

    /// From any thread.
    package func post(_ message: Message) {
        let wasEmpty = self.messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { self.wakeUp.ring() }
    }

    /// From the owner: everything posted so far.
    package func take() -> [Message] {
        self.wakeUp.silence()
        return self.messages.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }

    package var descriptor: CInt { self.wakeUp.descriptor.rawValue }
}

/// Empties a mailbox into a function on the worker's own thread.
package final class MailboxReader<Message: Sendable>: ReadinessHandler {
    private let mailbox: Mailbox<Message>
    private let reactor: Reactor
    private let handle: (Message) -> Void
    private var registration: RegistrationID?

    package init(_ mailbox: Mailbox<Message>, reactor: Reactor, _ handle: @escaping (Message) -> Void) throws(Errno) {
        self.mailbox = mailbox
        self.reactor = reactor
        self.handle = handle
        self.registration = try reactor.register(self, descriptor: mailbox.descriptor, .input)
    }

    package func ready(_ readiness: Readiness) {
        for message in self.mailbox.take() { self.handle(message) }
    }

    /// Takes nothing out any more.
    package func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }
}
