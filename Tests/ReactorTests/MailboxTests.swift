import Reactor
import SystemCalls
import Testing

@Suite struct MailboxTests {
    @Test func messagesOfAnotherThreadArriveInOrder() throws {
        let reactor = try Reactor(pool: .forTests())
        let mailbox = try Mailbox<Int>()
        let received = Box<[Int]>([])
        let bell = try MailboxBell(mailbox, reactor: reactor) {
            for message in mailbox.take() {
                received.value.append(message)
                if message == 9_999 { reactor.stop() }
            }
        }
        let thread = try JoinableThread(name: "poster") {
            for message in 0..<10_000 { mailbox.post(message) }
        }
        reactor.run()
        thread.join()
        #expect(received.value == Array(0..<10_000))
        withExtendedLifetime(bell) {}
    }

    @Test func eachThreadKeepsItsOrder() throws {
        let reactor = try Reactor(pool: .forTests())
        let mailbox = try Mailbox<(thread: Int, number: Int)>()
        let received = Box<[[Int]]>([[], [], []])
        let bell = try MailboxBell(mailbox, reactor: reactor) {
            for message in mailbox.take() {
                received.value[message.thread].append(message.number)
                if received.value.map(\.count).reduce(0, +) == 3000 { reactor.stop() }
            }
        }
        let threads = try (0..<3).map { thread in
            try JoinableThread(name: "poster") { for number in 0..<1000 { mailbox.post((thread, number)) } }
        }
        reactor.run()
        for thread in threads { thread.join() }
        #expect(received.value.allSatisfy { $0 == Array(0..<1000) })
        withExtendedLifetime(bell) {}
    }

    @Test func whatWasPostedBeforeAnybodyListensIsNotLost() throws {
        let reactor = try Reactor(pool: .forTests())
        let mailbox = try Mailbox<Int>()
        mailbox.post(1)
        mailbox.post(2)
        let received = Box<[Int]>([])
        let bell = try MailboxBell(mailbox, reactor: reactor) { received.value += mailbox.take() }
        Script.run(reactor, { received.value.count == 2 })
        #expect(received.value == [1, 2])
        #expect(mailbox.take().isEmpty)
        withExtendedLifetime(bell) {}
    }
}
