/// What a Range field asks for of a representation of known size (RFC 9110 section 14).
package enum ByteRanges: Equatable, Sendable {
    /// No ranges, a unit that is not ours, nonsense, or more than is reasonable: the whole is sent.
    case whole
    /// At least one, none of them empty, in the client's order.
    case parts([Range<Int64>])
    /// 416
    case unsatisfiable

    /// Ranges of one request. Readers of documents ask for a few; each costs a header of its own and a seek.
    package static let partsMax = 16

    package init(_ field: [UInt8], size: Int64) {
        guard let specs = Self.specs(field) else {
            self = .whole
            return
        }
        var parts: [Range<Int64>] = []
        var left = size
        for spec in specs {
            guard let part = spec.resolve(size) else { continue }
            parts.append(part)
            let count = part.upperBound - part.lowerBound
            // Overlapping ranges would make much of little: the whole is less.
            guard count <= left else {
                self = .whole
                return
            }
            left -= count
        }
        self = parts.isEmpty ? .unsatisfiable : .parts(parts)
    }

    /// `500-999`, `500-` or `-500`.
    private enum Spec {
        case from(Int64, through: Int64?)
        case last(Int64)

        /// Nil: nothing of it exists.
        func resolve(_ size: Int64) -> Range<Int64>? {
            switch self {
            case .from(let first, let last):
                guard first < size else { return nil }
                return first..<min(last.map { $0 == .max ? $0 : $0 + 1 } ?? size, size)
            case .last(let count):
                guard count > 0, size > 0 else { return nil }
                return max(0, size - count)..<size
            }
        }
    }

    /// Nil when the field is no list of at most `partsMax` byte ranges.
    private static func specs(_ field: [UInt8]) -> [Spec]? {
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let unit = field[..<equals].map { $0 | 0x20 }
        guard unit.elementsEqual("bytes".utf8) else { return nil }
        let elements = field[(equals + 1)...].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: true)
        var specs: [Spec] = []
        for element in elements {
            let trimmed = Self.trim(element)
            if trimmed.isEmpty { continue }
            guard specs.count < Self.partsMax, let spec = Self.spec(trimmed) else { return nil }
            specs.append(spec)
        }
        return specs.isEmpty ? nil : specs
    }

    private static func spec(_ bytes: ArraySlice<UInt8>) -> Spec? {
        guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let (before, after) = (bytes[..<dash], bytes[(dash + 1)...])
        if before.isEmpty {
            return Self.number(after).map { .last($0) }
        }
        guard let first = Self.number(before) else { return nil }
        if after.isEmpty { return .from(first, through: nil) }
        guard let last = Self.number(after), first <= last else { return nil }
        return .from(first, through: last)
    }

    /// A number that is larger than there can be bytes is the largest one.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (product, hasOverflown) = number.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            number = hasOverflown || carries || number == .max ? .max : sum
        }
        return number
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return bytes
    }
}
