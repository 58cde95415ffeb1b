/// What is wrong with a percent-encoded path.
package enum PathViolation: Error, Hashable, Sendable {
    /// `%` that two hexadecimal digits do not follow.
    case malformedEscape
    /// `%00`: every path ends up in a C string sooner or later, and would end there early.
    case nulByte
}

extension PathViolation {
    package var status: Status { .badRequest }

    package var reason: String {
        switch self {
        case .malformedEscape: "the path contains a % that two hexadecimal digits do not follow"
        case .nulByte: "the path contains a NUL byte"
        }
    }
}

extension RequestHead {
    /// The bytes that the path stands for, decoded exactly once.
    ///
    /// Dot segments and encoded slashes are left as they are: what they mean differs between a file tree and
    /// a script.
    package var percentDecodedPath: [UInt8] {
        get throws(PathViolation) {
            var decoded: [UInt8] = []
            decoded.reserveCapacity(self.path.utf8.count)
            var rest = self.path.utf8.makeIterator()
            while let byte = rest.next() {
                guard byte == UInt8(ascii: "%") else {
                    decoded.append(byte)
                    continue
                }
                guard let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue else {
                    throw .malformedEscape
                }
                decoded.append(high << 4 | low)
            }
            if decoded.contains(0) { throw .nulByte }
            return decoded
        }
    }
}
