package import HTTPSemantics

/// How much of an answer's head is read before it is refused.
package struct ResponseHeadLimits: Hashable, Sendable {
    /// Bytes of the head with the empty line that ends it.
    ///
    /// 64 KiB: an application may set a dozen cookies of 4 KiB at once, and its operator chose it.
    package var bytesMax = 64 << 10
    /// Number of field lines: twice what a request may have, as each cookie is a field of its own.
    package var fieldCountMax = 200

    package init() {}
}

/// An answer's head as a server sent it, checked.
package struct ReceivedHead: Hashable, Sendable {
    package var head: ResponseHead
    /// 0 or 1: the digit behind `HTTP/1.`
    package var minorVersion: Int

    package init(head: ResponseHead, minorVersion: Int) {
        self.head = head
        self.minorVersion = minorVersion
    }

    /// Whether the server goes on with this connection after the answer (RFC 9112 section 9.3).
    package var keepsAlive: Bool {
        if self.head.fields.lists("close", in: "Connection") { return false }
        return self.minorVersion >= 1 || self.head.fields.lists("keep-alive", in: "Connection")
    }
}

/// Reads the heads of answers from bytes that come in pieces of any size; as strict as the parser of requests.
///
/// Each call gets all bytes of the answer so far, from its first one. No byte is looked at twice.
package struct ResponseHeadParser: Sendable {
    private let limits: ResponseHeadLimits
    private var statusLine: StatusLine?
    /// Where the first field line begins.
    private var sectionStart = 0
    private var lineStart = 0
    private var searched = 0
    private var lines: [HeaderFields.Line] = []

    /// Most heads have fewer fields: a wish, and no limit.
    private static let usualCount = 16

    package init(limits: ResponseHeadLimits = ResponseHeadLimits()) { self.limits = limits }

    /// The head and its length once it is complete; the parser is then ready for the next. After a violation it gives
    /// the same answer for ever.
    package mutating func parse(
        _ bytes: Span<UInt8>
    ) throws(ResponseViolation) -> (head: ReceivedHead, bytesUsed: Int)? {
        if self.statusLine == nil {
            guard let lineEnd = try self.findLineEnd(bytes) else { return nil }
            self.statusLine = try StatusLine(bytes.extracting(self.lineStart..<lineEnd))
            self.beginLine(behind: lineEnd)
            self.sectionStart = self.lineStart
        }
        guard let lineEnd = try self.takeFields(bytes), let statusLine = self.statusLine else { return nil }
        let section = bytes.extracting(self.sectionStart..<lineEnd)
        let fields = HeaderFields(copying: section, lines: self.lines)
        self = ResponseHeadParser(limits: self.limits)
        let head = ResponseHead(status: statusLine.status, fields: fields)
        return (ReceivedHead(head: head, minorVersion: statusLine.minorVersion), lineEnd + 2)
    }

    private mutating func beginLine(behind lineEnd: Int) {
        self.lineStart = lineEnd + 2
        self.searched = self.lineStart
    }

    /// Takes field lines up to the empty one that ends them; gives the end of that, nil when it has not come yet.
    private mutating func takeFields(_ bytes: Span<UInt8>) throws(ResponseViolation) -> Int? {
        if self.lines.isEmpty { self.lines.reserveCapacity(Self.usualCount) }
        while let lineEnd = try self.findLineEnd(bytes) {
            guard lineEnd > self.lineStart else { return lineEnd }
            guard self.lines.count < self.limits.fieldCountMax else {
                throw .tooManyFields(countMax: self.limits.fieldCountMax)
            }
            do throws(RequestHeadViolation) {
                self.lines.append(
                    try HeaderFields.Line(bytes, from: self.lineStart, to: lineEnd, sectionStart: self.sectionStart))
            } catch {
                throw .malformedField
            }
            self.beginLine(behind: lineEnd)
        }
        return nil
    }

    /// The position of the carriage return that ends the current line, nil when the line has not ended yet.
    private mutating func findLineEnd(_ bytes: Span<UInt8>) throws(ResponseViolation) -> Int? {
        let end = min(bytes.count, self.limits.bytesMax)
        let searched = bytes.fieldContentEnd(from: self.searched, to: max(self.searched, end))
        self.searched = searched
        if searched < end {
            guard bytes[searched] == 0x0D else { throw .malformedLine }
            if searched + 1 < end {
                guard bytes[searched + 1] == 0x0A else { throw .malformedLine }
                return searched
            }
        }
        guard bytes.count < self.limits.bytesMax else { throw .headTooLarge(bytesMax: self.limits.bytesMax) }
        return nil
    }
}

/// The first line of an answer: `HTTP/1.1 200 OK` (RFC 9112 section 4).
struct StatusLine: Sendable {
    let status: Status
    let minorVersion: Int

    init(_ line: Span<UInt8>) throws(ResponseViolation) {
        let name = "HTTP/".utf8.span
        guard line.count >= 12 else { throw .malformedStatusLine }
        for index in name.indices where line[index] != name[index] { throw .malformedStatusLine }
        guard line[5].isASCIIDigit, line[6] == UInt8(ascii: "."), line[7].isASCIIDigit else {
            throw .malformedStatusLine
        }
        guard line[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        self.minorVersion = line[7] == UInt8(ascii: "0") ? 0 : 1
        var code = 0
        for index in 9..<12 {
            guard line[index].isASCIIDigit else { throw .malformedStatusLine }
            code = code * 10 + Int(line[index] - UInt8(ascii: "0"))
        }
        // The space behind the code must be there, and some leave it out together with the words.
        guard line[8] == 0x20, line.count == 12 || line[12] == 0x20 else { throw .malformedStatusLine }
        let words = line.extracting(min(13, line.count)..<line.count).string
        guard let status = Status(code: code, reason: words) else { throw .malformedStatusLine }
        self.status = status
    }
}
