import Dialing
import SystemCalls
import Testing
import Upstreams

/// Names on threads of their own.
@Suite struct ResolverTests {
    private static let loopback = SocketAddress.ipv4(address: 0x7F00_0001, port: 0)

    /// Answers that come in from other threads.
    private final class Answers: Sendable {
        private let list = Lock<[String]>([])
        private let arrival = Semaphore()

        func reply(_ name: String) -> @Sendable (NameAnswer) -> Void {
            { answer in
                self.list.withLock { $0.append("\(name): \(answer)") }
                self.arrival.post()
            }
        }

        /// Waits for `count` more of them.
        func wait(_ count: Int) -> Bool { (0..<count).allSatisfy { _ in self.arrival.wait(milliseconds: 10_000) } }

        var count: Int { self.list.withLock(\.count) }
    }

    /// A thing that a thread waits for, and that the test lets happen.
    private final class Gate: Sendable {
        private let semaphore = Semaphore()
        func wait() { self.semaphore.wait() }
        func open() { self.semaphore.post() }
    }

    @Test func aNameIsAskedOnceForAllWhoWait() {
        let (gate, answers, counter) = (Gate(), Answers(), Counter())
        let resolver = Resolver { _ in
            counter.increment()
            gate.wait()
            return .addresses([Self.loopback])
        }
        for _ in 0..<3 { #expect(resolver.ask("a", reply: answers.reply("a")) == nil) }
        gate.open()
        #expect(answers.wait(3))
        #expect(counter.value == 1)
        #expect(resolver.ask("a", reply: answers.reply("a")) == .addresses([Self.loopback]))
        resolver.stop()
        #expect(answers.count == 3)
    }

    @Test func namesThatHangDoNotStopOthers() {
        let (gate, answers) = (Gate(), Answers())
        let resolver = Resolver { name in
            if name.hasPrefix("hang") { gate.wait() }
            return .failed(reason: name)
        }
        for index in 1..<Resolver.threadsMax {
            #expect(resolver.ask("hang\(index)", reply: answers.reply("hang")) == nil)
        }
        for name in ["a", "b", "c"] { #expect(resolver.ask(name, reply: answers.reply(name)) == nil) }
        #expect(answers.wait(3))
        #expect(answers.count == 3)
        for _ in 1..<Resolver.threadsMax { gate.open() }
        #expect(answers.wait(Resolver.threadsMax - 1))
        resolver.stop()
    }

    /// Threads that hang are let go; nobody is answered afterwards.
    @Test func stoppingWaitsForNobody() {
        let (gate, answers) = (Gate(), Answers())
        let resolver = Resolver { _ in
            gate.wait()
            return .failed(reason: "late")
        }
        for index in 0..<2 * Resolver.threadsMax {
            #expect(resolver.ask("\(index)", reply: answers.reply("")) == nil)
        }
        resolver.stop()
        #expect(answers.count == 0)
        #expect(resolver.ask("x", reply: answers.reply("x")) == .failed(reason: "the server is going away"))
        for _ in 0..<Resolver.threadsMax { gate.open() }
        #expect(answers.count == 0)
    }

    @Test func theSystemKnowsItsOwnName() {
        guard case .addresses(let addresses) = Resolver.askSystem("localhost") else {
            Issue.record("localhost has no address")
            return
        }
        #expect(addresses.contains(Self.loopback) || addresses.contains(.ipv6(high: 0, low: 1, port: 0)))
        // RFC 6761 section 6.4: nobody may ever have it.
        switch Resolver.askSystem("no-such-host.invalid") {
        case .addresses: Issue.record("a name that nobody may have has an address")
        case .unknown(let reason), .failed(let reason): #expect(!reason.isEmpty)
        }
    }

    /// A name that nobody answers any more must not keep a worker's dials.
    @Test func whoWaitsIsNotKept() {
        let gate = Gate()
        let resolver = Resolver { name in
            gate.wait()
            return .failed(reason: name)
        }
        let worker = WorkerResolver(resolver) { _ in }
        weak var client: Client?
        do {
            let waiting = Client()
            client = waiting
            _ = worker.resolve("a", waiting)
        }
        #expect(client == nil)
        resolver.stop()
        gate.open()
    }

    @Test func aWorkerIsAnsweredByItsMailbox() {
        let deliveries = Deliveries()
        let gate = Gate()
        let resolver = Resolver { name in
            gate.wait()
            return .failed(reason: name)
        }
        let worker = WorkerResolver(resolver) { deliveries.post($0) }
        let (first, second) = (Client(), Client())
        guard case .asked = worker.resolve("a", first), case .asked(let ticket) = worker.resolve("a", second) else {
            Issue.record("nobody can know it")
            return
        }
        ticket.cancel()
        gate.open()
        for delivery in deliveries.wait(2) { worker.deliver(delivery) }
        #expect(first.answers == [.failed(reason: "a")])
        #expect(second.answers == [])
        guard case .known(.failed(reason: "a")) = worker.resolve("a", first) else {
            Issue.record("it is known now")
            return
        }
        resolver.stop()
    }
}

private final class Counter: Sendable {
    private let number = Lock(0)
    func increment() { self.number.withLock { $0 += 1 } }
    var value: Int { self.number.withLock { $0 } }
}

private final class Client: NameLookupClient {
    var answers: [NameAnswer] = []
    func nameResolved(_ answer: NameAnswer) { self.answers.append(answer) }
}

private final class Deliveries: Sendable {
    private let list = Lock<[NameDelivery]>([])
    private let arrival = Semaphore()

    func post(_ delivery: NameDelivery) {
        self.list.withLock { $0.append(delivery) }
        self.arrival.post()
    }

    func wait(_ count: Int) -> [NameDelivery] {
        for _ in 0..<count { _ = self.arrival.wait(milliseconds: 10_000) }
        return self.list.withLock { $0 }
    }
}
