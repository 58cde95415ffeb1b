/// How long answers about names are kept; all times are nanoseconds.
package struct NameCacheSettings: Equatable, Sendable {
    /// getaddrinfo(3) does not tell for how long an answer holds; half a minute is what services in the cloud promise
    /// to keep an old address alive for.
    package var goodFor: UInt64 = 30_000_000_000
    /// A name that is being set up is there soon; until then nobody asks more than once in so long.
    package var badFor: UInt64 = 5_000_000_000
    /// Names that are remembered: 100 bytes each, and no plan has more.
    package var entriesMax = 1024
    /// Questions that wait for an answer, over all names; beyond that "busy" is the kinder answer.
    package var waitersMax = 4096

    package init() {}
}

/// Answers about names, for a bounded time and in a bounded number, and who waits for which.
package struct NameCache<Answer: Sendable, Waiter: Sendable>: Sendable {
    package enum Outcome: Sendable {
        case answered(Answer)
        /// Somebody has asked already, and the answer is for all who wait.
        case joined
        /// To be asked now; `answered` is told what came of it.
        case ask
        /// Too many wait.
        case refused
    }

    private enum Entry: Sendable {
        case asking([Waiter])
        case known(Answer, until: UInt64)

        var expiry: UInt64? {
            switch self {
            case .asking: nil
            case .known(_, let until): until
            }
        }
    }

    private let settings: NameCacheSettings
    private var entries: [String: Entry] = [:]
    package private(set) var waiterCount = 0

    package init(_ settings: NameCacheSettings = NameCacheSettings()) { self.settings = settings }

    package var count: Int { self.entries.count }

    package mutating func ask(_ name: String, _ waiter: Waiter, now: UInt64) -> Outcome {
        switch self.entries[name] {
        case .known(let answer, let until) where now < until:
            return .answered(answer)
        case .asking(let waiters):
            guard self.waiterCount < self.settings.waitersMax else { return .refused }
            self.waiterCount += 1
            self.entries[name] = .asking(waiters + [waiter])
            return .joined
        case .known, nil:
            guard self.waiterCount < self.settings.waitersMax else { return .refused }
            if self.entries[name] == nil, !self.makeRoom(now: now) { return .refused }
            self.waiterCount += 1
            self.entries[name] = .asking([waiter])
            return .ask
        }
    }

    /// What came of a question, and who waited for it. An answer that is bad holds for a shorter time.
    package mutating func answered(_ name: String, _ answer: Answer, isGood: Bool, now: UInt64) -> [Waiter] {
        guard case .asking(let waiters) = self.entries[name] else { return [] }
        let span = isGood ? self.settings.goodFor : self.settings.badFor
        self.entries[name] = .known(answer, until: now &+ span)
        self.waiterCount -= waiters.count
        return waiters
    }

    /// Everybody who waits; nobody is answered any more.
    package mutating func removeAll() -> [Waiter] {
        defer {
            self.entries = [:]
            self.waiterCount = 0
        }
        return self.entries.values.flatMap { entry -> [Waiter] in
            switch entry {
            case .asking(let waiters): waiters
            case .known: []
            }
        }
    }

    /// For one more name; false when all places are taken by questions without an answer.
    private mutating func makeRoom(now: UInt64) -> Bool {
        guard self.entries.count >= self.settings.entriesMax else { return true }
        self.entries = self.entries.filter { ($0.value.expiry ?? .max) > now }
        guard self.entries.count >= self.settings.entriesMax else { return true }
        let known = self.entries.filter { $0.value.expiry != nil }
        guard let oldest = known.min(by: { ($0.value.expiry ?? 0) < ($1.value.expiry ?? 0) }) else { return false }
        self.entries[oldest.key] = nil
        return true
    }
}
