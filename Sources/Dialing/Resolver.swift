internal import SystemCalls
package import Upstreams

/// The threads that resolve names, for all workers, and the answers they found.
///
/// getaddrinfo(3) waits, for 30 s and longer where a name server is silent, and cannot be called off. So there are a
/// few threads: one name that hangs takes one of them, and the others go on. They are started when they are needed, and
/// a server without names has none.
package final class Resolver: Sendable {
    /// Three names may hang before the fourth has to wait; dials have a deadline of their own all the same.
    package static let threadsMax = 4
    /// More than are ever tried (`AddressRace.addressesMax`), so that both families have room.
    private static let addressesMax = 32

    package typealias LookUp = @Sendable (String) -> NameAnswer
    /// Called once for each question that was not answered at once, on a thread of the resolver's, so it must not wait;
    /// never after `stop`.
    package typealias Reply = @Sendable (NameAnswer) -> Void

    private struct Hand {
        let thread: JoinableThread
        var isBusy = false
    }

    private struct State {
        var cache: NameCache<NameAnswer, Reply>
        var queue: [String] = []
        var hands: [Hand] = []
        var isStopped = false
    }

    private let state: Lock<State>
    private let wakeUps = Semaphore()
    private let lookUp: LookUp

    package init(
        _ settings: NameCacheSettings = NameCacheSettings(),
        lookUp: @escaping LookUp = Resolver.askSystem
    ) {
        self.state = Lock(State(cache: NameCache(settings)))
        self.lookUp = lookUp
    }

    /// From any thread: what is known at once, else nil and a reply later.
    package func ask(_ name: String, reply: @escaping Reply) -> NameAnswer? {
        let now = Clock.monotonic
        let (answer, wakes) = self.state.withLock { state -> (NameAnswer?, Bool) in
            guard !state.isStopped else { return (.failed(reason: "the server is going away"), false) }
            var answer: NameAnswer?
            switch state.cache.ask(name, reply, now: now) {
            case .answered(let answer): return (answer, false)
            case .joined: return (nil, false)
            case .refused: return (.failed(reason: "too many names are being resolved"), false)
            case .ask: break
            case .refresh(let old): answer = old
            }
            state.queue.append(name)
            self.hire(&state)
            guard state.hands.isEmpty else { return (answer, true) }
            state.queue = []
            let failure = NameAnswer.failed(reason: "no thread could be started")
            return (state.cache.answered(name, failure, .noAnswer, now: now).answer, false)
        }
        if wakes { self.wakeUps.post() }
        return answer
    }

    /// One thread more if all that there are have something to do.
    private func hire(_ state: inout State) {
        let idle = state.hands.count { !$0.isBusy }
        guard idle < state.queue.count, state.hands.count < Self.threadsMax else { return }
        let number = state.hands.count
        guard let thread = try? JoinableThread(name: "wsb-resolver", { self.run(number) }) else { return }
        state.hands.append(Hand(thread: thread))
    }

    /// Answers nobody any more. A thread that waits for a name server is let go: it ends with the program.
    package func stop() {
        let hands = self.state.withLock { state -> [Hand] in
            state.isStopped = true
            state.queue = []
            _ = state.cache.removeAll()
            defer { state.hands = [] }
            return state.hands
        }
        for _ in hands { self.wakeUps.post() }
        for hand in hands {
            if hand.isBusy { hand.thread.detach() } else { hand.thread.join() }
        }
    }

    /// hosts(5), name servers, and what else nsswitch.conf(5) names.
    package static let askSystem: LookUp = { name in
        do throws(NameResolutionFailure) {
            let addresses = try NameResolution.addresses(of: name, addressesMax: Resolver.addressesMax)
            return addresses.isEmpty ? .unknown(reason: "it has no address") : .addresses(addresses)
        } catch {
            return error.isFinal ? .unknown(reason: error.description) : .failed(reason: error.description)
        }
    }

    // MARK: - On a thread

    private func run(_ number: Int) {
        while true {
            self.wakeUps.wait()
            switch self.take(number) {
            case .name(let name): self.resolve(name, number)
            case .nothing: continue
            case .stop: return
            }
        }
    }

    private enum Task {
        case name(String)
        case nothing
        case stop
    }

    private func take(_ number: Int) -> Task {
        self.state.withLock { state in
            if state.isStopped { return .stop }
            guard !state.queue.isEmpty else { return .nothing }
            state.hands[number].isBusy = true
            return .name(state.queue.removeFirst())
        }
    }

    private func resolve(_ name: String, _ number: Int) {
        let answer = self.lookUp(name)
        let now = Clock.monotonic
        let told = self.state.withLock { state -> (answer: NameAnswer, waiters: [Reply]) in
            guard !state.isStopped else { return (answer, []) }
            state.hands[number].isBusy = false
            return state.cache.answered(name, answer, answer.verdict, now: now)
        }
        for reply in told.waiters { reply(told.answer) }
    }
}

extension NameAnswer {
    fileprivate var verdict: NameVerdict {
        switch self {
        case .addresses: .good
        case .unknown: .bad
        case .failed: .noAnswer
        }
    }
}
