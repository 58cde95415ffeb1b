internal import HTTPSemantics

/// Counts answers by the first digit of their status: one object for a route of one worker.
package final class AnswerCount {
    /// At the digit; what is no final answer stays 0.
    package private(set) var groups = [UInt64](repeating: 0, count: 6)

    package init() {}

    func count(_ status: Status) { self.count(digit: Int(status.code / 100)) }

    /// Digits that mean nothing count as 5: a client must take such an answer for one of a broken server (RFC 9110
    /// section 15).
    func count(digit: Int) { self.groups[(2...5).contains(digit) ? digit : 5] &+= 1 }
}
