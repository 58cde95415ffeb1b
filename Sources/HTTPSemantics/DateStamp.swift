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

    /// The value of the field now.
    package var value: FieldValue { self.value(at: self.now) }

    /// The same for who has looked at the clock: `now` is in nanoseconds since 1970.
    package func value(at now: Int64) -> FieldValue {
        self.update(now)
        return self.text
    }

    /// The field with its line's end.
    package func line(at now: Int64) -> [UInt8] {
        self.update(now)
        return self.textLine
    }

    private func update(_ now: Int64) {
        let second = now / 1_000_000_000
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
