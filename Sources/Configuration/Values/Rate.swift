/// So many events in a time: `100/s`, `600/m`, `1000/h`.
package struct Rate: OptionValue, Equatable {
    package let count: Int
    package let per: TimeSpan

    private static let countMax = 1_000_000_000
    private static let periods: [(name: String, span: TimeSpan)] = [
        ("s", .seconds(1)), ("m", .seconds(60)), ("h", .hours(1)),
    ]

    package init(count: Int, per: TimeSpan) {
        self.count = count
        self.per = per
    }

    package init(parsing text: String) throws(ValueFault) {
        let remedy = "write a count and a period, like 100/s, 600/m or 1000/h"
        guard let scaled = ScaledNumber(text),
            let period = Self.periods.first(where: { "/" + $0.name == scaled.unit })
        else { throw ValueFault("not a rate", remedy: remedy) }
        guard scaled.number > 0, scaled.number <= UInt64(Self.countMax) else {
            throw ValueFault("must be from 1 to \(Self.countMax)", remedy: remedy)
        }
        self.init(count: Int(scaled.number), per: period.span)
    }

    package var description: String {
        let period = Self.periods.first { $0.span == self.per }
        return "\(self.count)/\(period?.name ?? self.per.description)"
    }
}
