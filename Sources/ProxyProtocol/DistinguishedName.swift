/// A certificate's subject as RFC 2253 writes it: `CN=alice,O=Example\, Inc.`.
package enum DistinguishedName {
    /// The value of its first `CN`, the most specific one; nil: there is none, or it is written in hexadecimal.
    package static func commonName(of subject: String) -> String? {
        for part in Self.parts(Array(subject.utf8)) {
            let prefix = Array("CN=".utf8)
            guard part.count > prefix.count, part.prefix(prefix.count).elementsEqual(prefix) else { continue }
            let value = part.dropFirst(prefix.count)
            guard value.first != UInt8(ascii: "#") else { return nil }
            return Self.unescaped(value)
        }
        return nil
    }

    /// Split at the commas and plus signs that are not escaped.
    private static func parts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                index += 1
            case UInt8(ascii: ","), UInt8(ascii: "+"):
                parts.append(bytes[start..<index])
                start = index + 1
            case _:
                break
            }
            index += 1
        }
        return parts + [bytes[start...]]
    }

    /// Section 2.4: a backslash stands before a special character, or before two hexadecimal digits of a byte.
    private static func unescaped(_ value: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = value
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            if let high = Self.digit(next), let low = rest.first.flatMap({ Self.digit($0) }) {
                rest = rest.dropFirst()
                bytes.append(high << 4 | low)
            } else {
                bytes.append(next)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
