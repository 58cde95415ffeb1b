// Fields as values of their own, for what happens rarely or outlives the head.
extension HeaderFields {
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: FieldValue
    }

    /// The value of the first field called `name`.
    package func first(_ name: String) -> FieldValue? {
        self.firstIndex(of: name.utf8.span).map { self[$0].value }
    }

    /// The value of the field called `name` when there is exactly one.
    package func only(_ name: String) -> FieldValue? {
        self.onlyIndex(of: name).map { FieldValue(bytes: self.value(at: $0).copied) }
    }

    /// The values of all fields called `name`, in order.
    package func all(_ name: String) -> [FieldValue] {
        let name = name.utf8.span
        var values: [FieldValue] = []
        var start = 0
        while let index = self.firstIndex(of: name, from: start) {
            values.append(FieldValue(bytes: self.value(at: index).copied))
            start = index + 1
        }
        return values
    }

    /// How many fields are called `name`.
    package func count(of name: String) -> Int {
        let name = name.utf8.span
        var (count, start) = (0, 0)
        while let index = self.firstIndex(of: name, from: start) {
            count += 1
            start = index + 1
        }
        return count
    }

    package func contains(_ name: String) -> Bool { self.firstIndex(of: name.utf8.span) != nil }
}

extension HeaderFields: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { self.count }

    package subscript(position: Int) -> Field {
        Field(name: self.name(at: position).string, value: FieldValue(bytes: self.value(at: position).copied))
    }
}

/// Two are the same with the same names, spelt alike, and the same values in the same order.
extension HeaderFields: Hashable {
    package static func == (one: HeaderFields, other: HeaderFields) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        for field in self { hasher.combine(field) }
    }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, FieldValue)...) {
        self.init()
        for (name, value) in elements { self.append(name, value) }
    }
}
