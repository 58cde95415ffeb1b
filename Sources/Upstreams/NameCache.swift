/// How long answers about names are kept; all times are nanoseconds.
package struct NameCacheSettings: Equatable, Sendable {
    /// getaddrinfo(3) does not tell for how long an answer holds; half a minute is what services in the cloud promise
    /// to keep an old address alive for.
    package var goodFor: UInt64 = 30_000_000_000
    /// A name that is being set up is there soon; until then nobody asks more than once in so long.
    package var badFor: UInt64 = 5_000_000_000
    /// How long an answer that has grown old serves on while nobody can tell a newer one (RFC 8767): a name server that
    /// restarts must not end a service whose address is the same as ever.
    package var staleFor: UInt64 = 300_000_000_000
    /// Names that are remembered: 200 bytes each, and no plan has more.
    package var entriesMax = 1024
    /// Questions that wait for an answer, over all names; beyond that "busy" is the kinder answer.
    package var waitersMax = 4096

    package init() {}
}

/// What a question about a name came to.
package enum NameVerdict: Equatable, Sendable {
    case good
    /// There is no such name.
    case bad
    /// Nobody could be asked.
    case noAnswer
}

/// Answers about names, for a bounded time and in a bounded number, and who waits for which.
package struct NameCache<Answer: Sendable, Waiter: Sendable>: Sendable {
    package enum Outcome: Sendable {
        case answered(Answer)
        /// Answered by an old answer; to be asked now, with nobody waiting for it.
        case refresh(Answer)
        /// Somebody has asked already, and the answer is for all who wait.
        case joined
        /// To be asked now; `answered` is told what came of it.
        case ask
        /// Too many wait.
        case refused
    }

    private struct Known: Sendable {
        let answer: Answer
        let isGood: Bool
        let since: UInt64
        var until: UInt64
    }

    private struct Entry: Sendable {
        var known: Known?
        /// Nil: nobody is asked at the moment.
        var waiters: [Waiter]?
        /// The last question found nobody to answer it: who comes now does not wait for the next.
        var isFailing = false
    }

    private let settings: NameCacheSettings
    private var entries: [String: Entry] = [:]
    package private(set) var waiterCount = 0

    package init(_ settings: NameCacheSettings = NameCacheSettings()) { self.settings = settings }

    package var count: Int { self.entries.count }
}

// MARK: - Questions and answers

extension NameCache {
    package mutating func ask(_ name: String, _ waiter: Waiter, now: UInt64) -> Outcome {
        var entry = self.entries[name] ?? Entry()
        if let known = entry.known {
            if now < known.until { return .answered(known.answer) }
            if entry.isFailing, self.mayServe(known, now: now) {
                if entry.waiters != nil { return .answered(known.answer) }
                entry.waiters = []
                self.entries[name] = entry
                return .refresh(known.answer)
            }
        }
        guard self.waiterCount < self.settings.waitersMax else { return .refused }
        if self.entries[name] == nil, !self.makeRoom(now: now) { return .refused }
        self.waiterCount += 1
        let isAsked = entry.waiters != nil
        entry.waiters = (entry.waiters ?? []) + [waiter]
        self.entries[name] = entry
        return isAsked ? .joined : .ask
    }

    /// What came of a question: what to tell those who waited for it, and who they are.
    package mutating func answered(
        _ name: String, _ answer: Answer, _ verdict: NameVerdict, now: UInt64
    ) -> (answer: Answer, waiters: [Waiter]) {
        guard var entry = self.entries[name], let waiters = entry.waiters else { return (answer, []) }
        entry.waiters = nil
        self.waiterCount -= waiters.count
        switch (verdict, entry.known) {
        case (.good, _):
            entry.known = Known(answer: answer, isGood: true, since: now, until: now &+ self.settings.goodFor)
            entry.isFailing = false
        case (.noAnswer, var known?) where self.mayServe(known, now: now):
            known.until = now &+ self.settings.badFor
            entry.known = known
            entry.isFailing = true
        case (.bad, _), (.noAnswer, _):
            entry.known = Known(answer: answer, isGood: false, since: now, until: now &+ self.settings.badFor)
            entry.isFailing = false
        }
        self.entries[name] = entry
        return (entry.known?.answer ?? answer, waiters)
    }

    /// Whether an answer may serve though it has grown old.
    private func mayServe(_ known: Known, now: UInt64) -> Bool {
        known.isGood && now < known.since &+ self.settings.goodFor &+ self.settings.staleFor
    }

    /// Everybody who waits; nobody is answered any more.
    package mutating func removeAll() -> [Waiter] {
        defer {
            self.entries = [:]
            self.waiterCount = 0
        }
        return self.entries.values.flatMap { $0.waiters ?? [] }
    }

    /// For one more name; false when all places are taken by questions without an answer.
    private mutating func makeRoom(now: UInt64) -> Bool {
        guard self.entries.count >= self.settings.entriesMax else { return true }
        let idle = self.entries.filter { $0.value.waiters == nil }
        let expired = idle.filter { ($0.value.known?.until ?? 0) <= now }
        if !expired.isEmpty {
            for name in expired.keys { self.entries[name] = nil }
            return true
        }
        let oldest = idle.min { ($0.value.known?.since ?? 0) < ($1.value.known?.since ?? 0) }
        guard let oldest else { return false }
        self.entries[oldest.key] = nil
        return true
    }
}
