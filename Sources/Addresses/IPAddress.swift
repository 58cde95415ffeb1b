/// A numeric address of the internet protocol, version 4 or 6.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    package static let loopback = IPAddress(bytes: [127, 0, 0, 1])

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Version 4: the four bytes as one number.
    package init(number: UInt32) {
        self.bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Version 6: the sixteen bytes as two numbers.
    package init(high: UInt64, low: UInt64) {
        self.bytes = [high, low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
        }
    }

    package var isVersion6: Bool { self.bytes.count == 16 }

    /// 127.0.0.0/8, ::1, and the former written as IPv6.
    package var isLoopback: Bool {
        guard self.isVersion6 else { return self.bytes[0] == 127 }
        if self.bytes[..<15].allSatisfy({ $0 == 0 }) { return self.bytes[15] == 1 }
        return self.bytes[..<10].allSatisfy { $0 == 0 } && self.bytes[10...12] == [0xFF, 0xFF, 127]
    }

    /// 0.0.0.0 or ::, which stand for every address of the machine.
    package var isAny: Bool { self.bytes.allSatisfy { $0 == 0 } }

    /// Version 4: the four bytes as one number.
    package var number: UInt32 { UInt32(truncatingIfNeeded: self.word(0..<4)) }

    /// Version 6: the sixteen bytes as two numbers.
    package var numbers: (high: UInt64, low: UInt64) { (self.word(0..<8), self.word(8..<16)) }

    private func word(_ range: Range<Int>) -> UInt64 { self.bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }

    /// Four decimal numbers without leading zeros, which some readers take for octal.
    package init?(version4 text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count > 1 && $0.hasPrefix("0") ? nil : Self.byte($0) }
        guard parts.count == 4, bytes.count == 4 else { return nil }
        self.bytes = bytes
    }

    /// Groups of hexadecimal digits, one `::` at most, and IPv4 at the end if need be; no zone.
    package init?(version6 text: some StringProtocol) {
        let halves = Self.halves(String(text))
        guard halves.count <= 2 else { return nil }
        var bytes: [[UInt8]] = []
        for (index, half) in halves.enumerated() {
            guard let groups = Self.groups(half, mayEndInVersion4: index == halves.count - 1) else {
                return nil
            }
            bytes.append(groups)
        }
        let missing = 16 - bytes.reduce(0) { $0 + $1.count }
        // `::` stands for at least one group; without it all eight must be there.
        guard halves.count == 2 ? missing >= 2 : missing == 0 else { return nil }
        self.bytes = bytes[0] + [UInt8](repeating: 0, count: missing) + (halves.count == 2 ? bytes[1] : [])
    }

    package var description: String {
        guard self.isVersion6 else { return Self.decimal(self.bytes[...]) }
        let groups = stride(from: 0, to: 16, by: 2).map {
            UInt16(self.bytes[$0]) << 8 | UInt16(self.bytes[$0 + 1])
        }
        let words = groups.map { String($0, radix: 16) }
        guard let zeros = Self.longestZeros(groups) else { return words.joined(separator: ":") }
        return words[..<zeros.lowerBound].joined(separator: ":") + "::"
            + words[zeros.upperBound...].joined(separator: ":")
    }
}

extension IPAddress {
    /// IPv4 that came as IPv6 is written as IPv4.
    package var plainDescription: String {
        guard self.isVersion6, self.bytes[..<10].allSatisfy({ $0 == 0 }), self.bytes[10...11] == [0xFF, 0xFF]
        else { return self.description }
        return Self.decimal(self.bytes[12...])
    }

    private static func decimal(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(16)
        for index in bytes.indices {
            let byte = bytes[index]
            if index > bytes.startIndex { text.append(UInt8(ascii: ".")) }
            if byte >= 100 { text.append(UInt8(ascii: "0") + byte / 100) }
            if byte >= 10 { text.append(UInt8(ascii: "0") + byte / 10 % 10) }
            text.append(UInt8(ascii: "0") + byte % 10)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func byte(_ text: some StringProtocol) -> UInt8? {
        guard text.utf8.count <= 3, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt8(text)
    }

    private static func halves(_ text: String) -> [Substring] {
        var halves: [Substring] = []
        var rest = text[...]
        while let colon = rest.firstIndex(of: ":") {
            var scan = colon
            while scan < rest.endIndex {
                let after = rest.index(after: scan)
                if rest[scan] == ":", after < rest.endIndex, rest[after] == ":" { break }
                scan = after
            }
            guard scan < rest.endIndex else { break }
            halves.append(rest[..<scan])
            rest = rest[rest.index(scan, offsetBy: 2)...]
        }
        return halves + [rest]
    }

    private static func groups(_ text: Substring, mayEndInVersion4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, let last = IPAddress(version4: part) {
                bytes += last.bytes
            } else {
                guard part.utf8.count <= 4, part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
            }
        }
        return bytes
    }

    /// The first longest run of two or more zero groups, which `::` replaces (RFC 5952).
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}
