/// The value of a header field: the bytes as they arrived, without the white space around them.
///
/// Bytes and not `String`, because RFC 9110 allows any byte from 0x80 up without naming an encoding: a
/// `String` would either repair them (the child's environment would differ from what the client sent) or need
/// a Latin-1 detour that garbles UTF-8 in logs. Protocol decisions compare bytes; `string` is for people.
package struct FieldValue: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ string: String) {
        self.bytes = Array(string.utf8)
    }

    /// The value as text; what is not UTF-8 becomes U+FFFD. The same as `bytes` for every ASCII value.
    package var string: String {
        String(decoding: self.bytes, as: UTF8.self)
    }

    /// Byte for byte `other`, but for the case of ASCII letters.
    package func equalsIgnoringCase(_ other: String) -> Bool {
        self.bytes.span.equalsIgnoringCase(other)
    }
}

extension FieldValue: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension FieldValue: CustomStringConvertible {
    package var description: String { self.string }
}
