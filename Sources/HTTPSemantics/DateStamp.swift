/// The Date field of now (RFC 9110 section 6.6.1), written once a second.
package final class DateStamp {
    private let wallClock: () -> UInt64
    private var second: Int64 = 0
    private var text: FieldValue
    private var textLine: [UInt8] = []

    /// `wallClock` gives nanoseconds since 1970.
    package init(_ wallClock: @escaping () -> UInt64) {
        self.wallClock = wallClock
        self.text = FieldValue(bytes: HTTPDate(seconds: 0).text)
        self.write()
    }

    /// Nanoseconds since 1970.
    package var now: Int64 { Int64(clamping: self.wallClock()) }

    /// The value of the field.
    package var value: FieldValue {
        self.update()
        return self.text
    }

    /// The field with its line's end.
    package var line: [UInt8] {
        self.update()
        return self.textLine
    }

    private func update() {
        let second = self.now / 1_000_000_000
        guard second != self.second else { return }
        self.second = second
        self.write()
    }

    private func write() {
        let bytes = HTTPDate(seconds: self.second).text
        self.text = FieldValue(bytes: bytes)
        self.textLine = Array("Date: ".utf8) + bytes + Array("\r\n".utf8)
    }
}
