/// Header fields in the order of the wire, names spelt as received, look-up without regard to case.
///
/// A list and no dictionary: order and repetition mean something, and a head has at most a hundred fields. The bytes of
/// all fields lie in one array, so that a head is two allocations however many it has:
///
///     bytes │Host: example.org CRLF│Upgrade: websocket CRLF│…
///     lines │ 0..<4  6..<17        │ 19..<26  28..<37      │…
///
/// What is removed leaves its bytes where they are: they go when the head goes.
package struct HeaderFields: Sendable {
    /// Where name and value of a field stand among some bytes.
    package struct Line: Sendable {
        package let name: Range<Int>
        package let value: Range<Int>

        package init(name: Range<Int>, value: Range<Int>) {
            self.name = name
            self.value = value
        }
    }

    /// Most heads have fewer fields, and fewer bytes of them: a wish, and no limit.
    private static let usualCount = 16
    private static let usualBytes = 448

    private var bytes: [UInt8] = []
    private var lines: [Line] = []

    package init() {}

    /// The fields that stand in `section` at `lines`, each with its line break, where a parser has let no other in.
    package init(copying section: Span<UInt8>, lines: [Line]) {
        self.bytes = section.copied
        self.lines = lines
    }

    package var count: Int { self.lines.count }
    package var isEmpty: Bool { self.lines.isEmpty }

    /// The name of the field at `index`, as it was spelt.
    @_lifetime(borrow self)
    package func name(at index: Int) -> Span<UInt8> { self.bytes.span.extracting(self.lines[index].name) }

    /// The value of the field at `index`, without the white space around it.
    @_lifetime(borrow self)
    package func value(at index: Int) -> Span<UInt8> { self.bytes.span.extracting(self.lines[index].value) }

    /// Where the first field called `name` is, at `start` or behind it.
    package func firstIndex(of name: Span<UInt8>, from start: Int = 0) -> Int? {
        precondition(start >= 0)
        let (bytes, lines, count) = (self.bytes.span, self.lines.span, name.count)
        var index = start
        while index < lines.count {
            let range = lines[index].name
            // Nearly all others have another length.
            if range.upperBound &- range.lowerBound == count, bytes.extracting(range).equalsIgnoringCase(name) {
                return index
            }
            index &+= 1
        }
        return nil
    }

    /// Where the field called `name` is, when there is exactly one.
    package func onlyIndex(of name: String) -> Int? {
        let name = name.utf8.span
        guard let index = self.firstIndex(of: name) else { return nil }
        return self.firstIndex(of: name, from: index + 1) == nil ? index : nil
    }
}

// MARK: - Changes

extension HeaderFields {
    /// Line breaks and NUL become spaces, so that nobody who has a say in `value` ends the line early (response
    /// splitting).
    package mutating func append(_ name: String, _ value: FieldValue) {
        if self.lines.isEmpty {
            self.bytes.reserveCapacity(Self.usualBytes)
            self.lines.reserveCapacity(Self.usualCount)
        }
        let start = self.bytes.count
        self.bytes.append(copying: name)
        self.bytes.append(copying: ": ")
        let valueStart = self.bytes.count
        self.bytes.append(copying: value.bytes.span)
        let end = self.bytes.count
        if self.bytes.span.fieldContentEnd(from: start, to: end) < end {
            for index in start..<end where self.bytes[index].breaksLines { self.bytes[index] = 0x20 }
        }
        self.lines.append(Line(name: start..<valueStart - 2, value: valueStart..<end))
        self.bytes.append(copying: "\r\n")
    }

    /// Puts `value` in place of every field called `name`.
    package mutating func set(_ name: String, _ value: FieldValue) {
        self.removeAll(name)
        self.append(name, value)
    }

    package mutating func removeAll(_ name: String) {
        let name = name.utf8.span
        // Most are asked for in vain, and an array that is shared would be copied for that.
        guard let first = self.firstIndex(of: name) else { return }
        self.removeAll(from: first) { $0.equalsIgnoringCase(name) }
    }

    /// Removes every field with a name that `isUnwanted`, in one pass.
    package mutating func removeAll(where isUnwanted: (_ name: Span<UInt8>) -> Bool) {
        self.removeAll(from: 0, where: isUnwanted)
    }

    private mutating func removeAll(from first: Int, where isUnwanted: (_ name: Span<UInt8>) -> Bool) {
        var kept: [Line] = []
        kept.reserveCapacity(Swift.max(self.lines.count, Self.usualCount))
        for index in self.lines.indices where index < first || !isUnwanted(self.name(at: index)) {
            kept.append(self.lines[index])
        }
        self.lines = kept
    }
}

// MARK: - The wire

extension HeaderFields {
    /// Appends the fields as lines of HTTP/1.1, with the empty line that ends them.
    package func appendSection(to output: inout [UInt8]) {
        self.appendLines(to: &output)
        output.append(copying: "\r\n")
    }

    /// The same without the empty line.
    package func appendLines(to output: inout [UInt8]) { self.appendLines(to: &output) { _ in true } }

    /// The same of those fields whose name `isWanted`.
    package func appendLines(to output: inout [UInt8], where isWanted: (_ name: Span<UInt8>) -> Bool) {
        let (bytes, lines) = (self.bytes.span, self.lines.span)
        output.reserveCapacity(output.count + bytes.count + 4 * lines.count)
        // Nearly all lines stand here as they have to go out, one behind the other.
        var run = 0..<0
        for index in lines.indices {
            let line = lines[index]
            guard isWanted(bytes.extracting(line.name)) else { continue }
            let (nameEnd, valueEnd) = (line.name.upperBound, line.value.upperBound)
            let isPlain = nameEnd + 2 == line.value.lowerBound && bytes[nameEnd + 1] == 0x20 && bytes[valueEnd] == 0x0D
            if isPlain, line.name.lowerBound == run.upperBound {
                run = run.lowerBound..<valueEnd + 2
                continue
            }
            output.append(copying: bytes.extracting(run))
            run = isPlain ? line.name.lowerBound..<valueEnd + 2 : 0..<0
            guard !isPlain else { continue }
            output.append(copying: bytes.extracting(line.name))
            output.append(copying: ": ")
            output.append(copying: bytes.extracting(line.value))
            output.append(copying: "\r\n")
        }
        output.append(copying: bytes.extracting(run))
    }
}
