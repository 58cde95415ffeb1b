/// One operation of an engine, how often anybody likes.
struct Benchmark {
    /// `engine/what/on what`
    let name: String
    /// Payload that one operation handles; nil where a rate says nothing.
    let bytes: Int?
    /// What each operation gives. It keeps the compiler from leaving out the work, and a benchmark that measures how
    /// fast something fails is found out.
    let gives: Int
    /// Does so many operations and gives the sum of what they gave.
    let run: (Int) throws -> Int

    /// An operation that needs nothing to write to.
    init(
        _ name: String, bytes: Int? = nil, gives: Int, _ operation: @escaping () throws -> Int
    ) {
        self.name = name
        self.bytes = bytes
        self.gives = gives
        self.run = { operations in
            var sum = 0
            for _ in 0..<operations { sum &+= try operation() }
            return sum
        }
    }

    /// An operation on something that it leaves as it was, or as good.
    init<Workplace: ~Copyable>(
        _ name: String, bytes: Int? = nil, gives: Int, on workplace: @escaping () -> Workplace,
        _ operation: @escaping (inout Workplace) throws -> Int
    ) {
        self.name = name
        self.bytes = bytes
        self.gives = gives
        self.run = { operations in
            var place = workplace()
            var sum = 0
            for _ in 0..<operations { sum &+= try operation(&place) }
            return sum
        }
    }

    /// Does so many operations, and fails where one gave something else.
    func perform(_ operations: Int) throws(WrongAnswer) {
        let sum: Int
        do {
            sum = try self.run(operations)
        } catch {
            throw WrongAnswer(text: "\(self.name) fails: \(error)")
        }
        let expected = self.gives.multipliedReportingOverflow(by: operations).partialValue
        guard sum == expected else {
            throw WrongAnswer(text: "\(self.name): \(operations) operations gave \(sum) instead of \(expected)")
        }
    }
}

/// An operation did not do what is measured: its figure would be worthless.
struct WrongAnswer: Error {
    let text: String
}
