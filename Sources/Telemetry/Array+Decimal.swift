extension [UInt8] {
    /// Appends `value` in decimal, filled up with zeros to `digitsMin` digits.
    ///
    /// Byte by byte, because a string interpolation costs more than the rest of a log line.
    package mutating func appendDecimal(_ value: Int64, digitsMin: Int = 1) {
        if value < 0 { self.append(UInt8(ascii: "-")) }
        let start = self.count
        var rest = value.magnitude
        repeat {
            self.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        while self.count - start < digitsMin { self.append(UInt8(ascii: "0")) }
        self[start...].reverse()
    }

    /// Appends `value` with three digits behind the point, rounded; `null` when there is no such number.
    package mutating func appendThousandths(_ value: Double) {
        // Beyond 2^53 a Double has no thousandths, and the conversion below would trap beyond 2^63.
        guard value.isFinite, value.magnitude < 9e12 else {
            self.append(contentsOf: "null".utf8)
            return
        }
        let thousandths = Int64((value * 1000).rounded())
        if thousandths < 0 { self.append(UInt8(ascii: "-")) }
        let magnitude = Int64(thousandths.magnitude)
        self.appendDecimal(magnitude / 1000)
        self.append(UInt8(ascii: "."))
        self.appendDecimal(magnitude % 1000, digitsMin: 3)
    }

    /// Appends a byte as two lower-case hexadecimal digits.
    package mutating func appendHexadecimal(_ byte: UInt8) {
        for digit in [byte >> 4, byte & 0xF] {
            self.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
