/// A metric's name and meaning.
package struct MetricDefinition: Equatable, Sendable {
    package enum Kind: String, Sendable {
        /// Only rises, until the process starts anew.
        case counter
        case gauge
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, with its unit, and `_total` behind a counter's.
    package let name: String
    package let kind: Kind
    /// The labels that each sample has, in order.
    package let labels: [String]
    package let help: String

    init(_ name: String, _ kind: Kind, by labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }
}

/// A value as it is written: exact, without floating point.
package enum MetricValue: Equatable, Sendable {
    case count(UInt64)
    /// Written as seconds, the base unit of time.
    case nanoseconds(UInt64)

    static func count(_ number: Int) -> MetricValue { .count(UInt64(clamping: number)) }
    static func flag(_ isSet: Bool) -> MetricValue { .count(isSet ? 1 : 0 as UInt64) }
}

/// A metric and what is measured of it now.
package struct MetricFamily: Equatable, Sendable {
    package struct Sample: Equatable, Sendable {
        /// One for each label of the definition.
        package let labels: [String]
        package let value: MetricValue
    }

    package let definition: MetricDefinition
    package private(set) var samples: [Sample] = []

    package init(_ definition: MetricDefinition) { self.definition = definition }

    /// A metric without labels.
    package init(_ definition: MetricDefinition, _ value: MetricValue) {
        self.definition = definition
        self.add([], value)
    }

    package mutating func add(_ labels: [String], _ value: MetricValue) {
        precondition(labels.count == self.definition.labels.count, "a sample has the labels of its metric")
        self.samples.append(Sample(labels: labels, value: value))
    }
}
