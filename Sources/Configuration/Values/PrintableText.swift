extension String {
    /// With control characters written out as `\u{1B}`, so that what somebody typed cannot steer a terminal.
    package var controlsEscaped: String {
        self.unicodeScalars.reduce(into: "") { text, scalar in
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            text += isControl ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }
    }
}
