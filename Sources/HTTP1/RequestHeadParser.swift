package import HTTPSemantics

/// Reads one HTTP/1.x request head after the other from bytes that come in pieces of any size.
///
/// Each call gets all bytes of the request so far, from its first one:
///
///     | lines already taken | line without its end yet | not arrived |
///     0 <= lineStart <= searched <= bytes.count
///
/// No byte is looked at twice however the head trickles in, and every rule is checked at the byte that breaks
/// it: the answer does not depend on how the network cut the bytes.
package struct RequestHeadParser: Sendable {
    private let limits: RequestHeadLimits
    private var section = Section.emptyLines(0)
    /// Where the request line, or later the first field line, begins: what the limits count from.
    private var sectionStart = 0
    private var lineStart = 0
    private var searched = 0
    private var lines: [HeaderFields.Line] = []

    /// Most heads have fewer fields: a wish, and no limit.
    private static let usualCount = 16

    private enum Section {
        case emptyLines(Int)
        case fields(RequestLine)
    }

    package init(limits: RequestHeadLimits = RequestHeadLimits()) {
        self.limits = limits
    }

    /// The head and its length once it is complete, nil as long as it is not.
    ///
    /// After a head the parser is ready for the next one, which begins at `bytesUsed` unless there is a body
    /// between. After a violation it gives the same answer for ever.
    package mutating func parse(
        _ bytes: Span<UInt8>
    ) throws(RequestHeadViolation) -> (head: RequestHead, bytesUsed: Int)? {
        while true {
            switch self.section {
            case .emptyLines(let count):
                guard let lineEnd = try self.findLineEnd(bytes) else { return nil }
                try self.takeFirstLine(bytes.extracting(self.lineStart..<lineEnd), emptyLines: count)
                self.beginLine(behind: lineEnd)
                self.sectionStart = self.lineStart
            case .fields(let requestLine):
                guard let lineEnd = try self.takeFields(bytes) else { return nil }
                let section = bytes.extracting(self.sectionStart..<lineEnd)
                let head = try requestLine.head(with: HeaderFields(copying: section, lines: self.lines))
                self = RequestHeadParser(limits: self.limits)
                return (head, lineEnd + 2)
            }
        }
    }

    private mutating func beginLine(behind lineEnd: Int) {
        self.lineStart = lineEnd + 2
        self.searched = self.lineStart
    }

    private mutating func takeFirstLine(
        _ line: Span<UInt8>, emptyLines: Int
    ) throws(RequestHeadViolation) {
        guard line.isEmpty else {
            self.section = .fields(try RequestLine(line))
            return
        }
        guard emptyLines < RequestHeadLimits.leadingEmptyLinesMax else { throw .tooManyEmptyLines }
        self.section = .emptyLines(emptyLines + 1)
    }

    /// Takes field lines up to the empty one that ends them; gives the end of that, nil when it has not come yet.
    private mutating func takeFields(_ bytes: Span<UInt8>) throws(RequestHeadViolation) -> Int? {
        if self.lines.isEmpty { self.lines.reserveCapacity(Self.usualCount) }
        while let lineEnd = try self.findLineEnd(bytes) {
            guard lineEnd > self.lineStart else { return lineEnd }
            guard self.lines.count < self.limits.fieldCountMax else {
                throw .tooManyFields(countMax: self.limits.fieldCountMax)
            }
            self.lines.append(
                try HeaderFields.Line(bytes, from: self.lineStart, to: lineEnd, sectionStart: self.sectionStart))
            self.beginLine(behind: lineEnd)
        }
        return nil
    }

    /// The position of the carriage return that ends the current line, nil when the line has not ended yet.
    private mutating func findLineEnd(_ bytes: Span<UInt8>) throws(RequestHeadViolation) -> Int? {
        let limit = self.sectionStart + self.sectionBytesMax
        let end = min(bytes.count, limit)
        self.searched = bytes.fieldContentEnd(from: self.searched, to: max(self.searched, end))
        if self.searched < end {
            let byte = bytes[self.searched]
            guard byte == 0x0D else { throw self.violation(of: byte) }
            if self.searched + 1 < end {
                guard bytes[self.searched + 1] == 0x0A else { throw .bareCarriageReturn }
                return self.searched
            }
        }
        // A carriage return may be the last byte within the limit; its line feed would then be beyond it.
        guard bytes.count < limit else { throw self.sectionTooLong }
        return nil
    }

    private var sectionBytesMax: Int {
        switch self.section {
        case .emptyLines: self.limits.requestLineBytesMax
        case .fields: self.limits.headerBytesMax
        }
    }

    private var sectionTooLong: RequestHeadViolation {
        switch self.section {
        case .emptyLines: .requestLineTooLong(bytesMax: self.limits.requestLineBytesMax)
        case .fields: .headerTooLarge(bytesMax: self.limits.headerBytesMax)
        }
    }

    /// What may stand nowhere in a head is refused at once, so that garbage is not waited for to become a line.
    private func violation(of byte: UInt8) -> RequestHeadViolation {
        switch byte {
        case 0x00: .nulByte
        case 0x0A: .bareLineFeed
        case 0x16 where self.searched == 0: .tlsOnPlainConnection
        default: .invalidByte(byte)
        }
    }
}
