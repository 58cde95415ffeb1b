/// Cuts what is typed into lines: LF or CRLF ends one, and the last one needs no end.
struct InputLines {
    private let lineBytesMax: Int
    private var bytes: [UInt8] = []

    init(lineBytesMax: Int) { self.lineBytesMax = lineBytesMax }

    /// The lines that `chunk` completes; nil: one is longer than a line may be.
    mutating func take(_ chunk: ArraySlice<UInt8>) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var rest = chunk
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            self.bytes += rest[..<end]
            rest = rest[(end + 1)...]
            if self.bytes.last == UInt8(ascii: "\r") { self.bytes.removeLast() }
            guard self.bytes.count <= self.lineBytesMax else { return nil }
            lines.append(self.bytes)
            self.bytes = []
        }
        self.bytes += rest
        return self.bytes.count <= self.lineBytesMax ? lines : nil
    }

    /// What is left when the input has ended.
    mutating func finish() -> [UInt8]? {
        defer { self.bytes = [] }
        return self.bytes.isEmpty ? nil : self.bytes
    }
}
