/// A whole number and the unit written behind it, as in `64KiB` or `30s`.
struct ScaledNumber {
    let number: UInt64
    let unit: Substring

    /// Nil when the text does not begin with digits or the number is beyond 64 bits.
    init?(_ text: String) {
        let digits = text.prefix { $0 >= "0" && $0 <= "9" }
        guard let number = UInt64(digits) else { return nil }
        self.number = number
        self.unit = text[digits.endIndex...]
    }

    /// The number in the smallest unit; nil when it does not fit in `max`.
    func scaled(by factor: UInt64, max: UInt64) -> UInt64? {
        let (product, overflow) = self.number.multipliedReportingOverflow(by: factor)
        return overflow || product > max ? nil : product
    }
}
