/// Header fields in the order of the wire, names spelt as received, look-up without regard to case.
///
/// A list and no dictionary: order and repetition mean something, and a head has at most a hundred fields.
package struct HeaderFields: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: FieldValue

        package init(name: String, value: FieldValue) {
            self.name = name
            self.value = value
        }

        func isNamed(_ name: String) -> Bool {
            self.name.utf8.count == name.utf8.count && self.name.utf8.span.equalsIgnoringCase(name)
        }
    }

    /// Most heads have fewer fields: a wish, and no limit.
    private static let usualCount = 16

    private var fields: [Field] = []

    package init() {}

    /// The value of the first field called `name`.
    package func first(_ name: String) -> FieldValue? {
        self.fields.first { $0.isNamed(name) }?.value
    }

    /// The value of the field called `name` when there is exactly one.
    package func only(_ name: String) -> FieldValue? {
        var only: FieldValue?
        for field in self.fields where field.isNamed(name) {
            if only != nil { return nil }
            only = field.value
        }
        return only
    }

    /// The values of all fields called `name`, in order.
    package func all(_ name: String) -> [FieldValue] {
        var values: [FieldValue] = []
        for field in self.fields where field.isNamed(name) { values.append(field.value) }
        return values
    }

    /// How many fields are called `name`.
    package func count(of name: String) -> Int {
        self.fields.reduce(0) { $1.isNamed(name) ? $0 + 1 : $0 }
    }

    package func contains(_ name: String) -> Bool {
        self.fields.contains { $0.isNamed(name) }
    }

    package mutating func append(_ name: String, _ value: FieldValue) {
        if self.fields.isEmpty { self.fields.reserveCapacity(Self.usualCount) }
        self.fields.append(Field(name: name, value: value))
    }

    /// Puts `value` in place of every field called `name`.
    package mutating func set(_ name: String, _ value: FieldValue) {
        self.removeAll(name)
        self.append(name, value)
    }

    package mutating func removeAll(_ name: String) { self.removeAll { $0.isNamed(name) } }

    /// Removes every field that `isUnwanted`.
    package mutating func removeAll(where isUnwanted: (Field) -> Bool) {
        // Most are asked for in vain, and an array that is shared would be copied for that.
        guard let first = self.fields.firstIndex(where: isUnwanted) else { return }
        var kept: [Field] = []
        kept.reserveCapacity(Swift.max(self.fields.count, Self.usualCount))
        for index in self.fields.indices where index < first || index > first && !isUnwanted(self.fields[index]) {
            kept.append(self.fields[index])
        }
        self.fields = kept
    }

    /// The fields whose name is none that `isUnwanted`, in one pass.
    package func removing(where isUnwanted: (_ name: Span<UInt8>) -> Bool) -> HeaderFields {
        var kept = HeaderFields()
        kept.fields.reserveCapacity(Swift.max(self.count, Self.usualCount))
        for field in self.fields where !isUnwanted(field.name.utf8.span) { kept.fields.append(field) }
        return kept
    }
}

extension HeaderFields {
    /// Appends the fields as lines of HTTP/1.1, with the empty line that ends them. They come from parsers, or from the
    /// operator, and neither lets a line break through.
    package func appendLines(to bytes: inout [UInt8]) {
        let count = self.fields.reduce(2) { $0 + $1.name.utf8.count + $1.value.bytes.count + 4 }
        bytes.reserveCapacity(bytes.count + count)
        for field in self.fields {
            bytes.append(contentsOf: field.name.utf8)
            bytes.append(contentsOf: ": ".utf8)
            bytes.append(contentsOf: field.value.bytes)
            bytes.append(contentsOf: "\r\n".utf8)
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }
}

extension HeaderFields: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { self.fields.count }
    package subscript(position: Int) -> Field { self.fields[position] }
    // What other modules would else do by generic code that is not made for this type.
    package var count: Int { self.fields.count }
    package var isEmpty: Bool { self.fields.isEmpty }
    package func makeIterator() -> IndexingIterator<[Field]> { self.fields.makeIterator() }
    package func contains(where isWanted: (Field) -> Bool) -> Bool { self.fields.contains(where: isWanted) }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, FieldValue)...) {
        self.fields = elements.map { Field(name: $0.0, value: $0.1) }
    }
}
