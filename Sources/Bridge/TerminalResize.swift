internal import SystemCalls

/// A client's word that its terminal has another size now: ESC [ 8 ; ROWS ; COLUMNS t, with which xterm is told to
/// take one.
enum TerminalResize {
    private static let prefix: InlineArray<4, UInt8> = [0x1B, UInt8(ascii: "["), UInt8(ascii: "8"), UInt8(ascii: ";")]

    /// nil for everything else that a message may be: that is typed on the terminal.
    static func parse(_ message: Span<UInt8>) -> TerminalSize? {
        guard message.count > self.prefix.count else { return nil }
        for index in self.prefix.indices where message[index] != self.prefix[index] { return nil }
        var offset = self.prefix.count
        guard let rows = self.number(message, at: &offset, endingWith: UInt8(ascii: ";")),
            let columns = self.number(message, at: &offset, endingWith: UInt8(ascii: "t")),
            offset == message.count
        else { return nil }
        return TerminalSize(columns: columns, rows: rows)
    }

    /// A number from 1 on and the byte behind it.
    private static func number(_ message: Span<UInt8>, at offset: inout Int, endingWith end: UInt8) -> UInt16? {
        var number = 0
        while offset < message.count, number <= Int(UInt16.max) {
            let byte = message[offset]
            offset += 1
            if byte == end { return number > 0 ? UInt16(exactly: number) : nil }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return nil
    }
}
