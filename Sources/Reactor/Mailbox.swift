// "public", for generic code is specialized only in modules that see it; nothing leaves the package.
package import IOCore
public import SystemCalls

/// Messages from other threads to a worker: a list behind a lock, and an eventfd(2) that wakes the worker.
///
/// Nothing in the data path goes through here; it carries spawned children, accepted descriptors and orders.
public final class Mailbox<Message: Sendable>: Sendable {
    @usableFromInline let messages = Lock<[Message]>([])
    private let wakeUp: WakeUp

    package init() throws(Errno) { self.wakeUp = try WakeUp() }

    /// From any thread.
    @inlinable
    public func post(_ message: Message) {
        // Messages that are not taken yet will be: the bell rang for the first of them.
        let wasEmpty = self.messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { self.ring() }
    }

    @usableFromInline func ring() { self.wakeUp.ring() }

    /// From the owner: everything posted so far.
    @inlinable
    public func take() -> [Message] {
        self.messages.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }

    package var descriptor: CInt { self.wakeUp.descriptor.rawValue }
}

/// Tells a worker, on its own thread, that there is something in its mailbox.
package final class MailboxBell: ReadinessHandler {
    private let reactor: Reactor
    private let rings: () -> Void
    private var registration: RegistrationID?

    /// `rings` takes what is there: it is called once for any number of messages.
    package init(_ mailbox: Mailbox<some Sendable>, reactor: Reactor, rings: @escaping () -> Void) throws(Errno) {
        self.reactor = reactor
        self.rings = rings
        super.init()
        self.registration = try reactor.register(self, descriptor: mailbox.descriptor, .input | .once)
    }

    package override func ready(_ readiness: Readiness, on descriptor: CInt) { self.rings() }

    /// Hears nothing any more.
    package override func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }
}
