package import HTTPSemantics

/// Heads of answers that were whole files, for the next request of the same file.
///
/// A head is good for one state of its file, which is compared each time: nothing has to be told of changes.
package struct PreparedHeads: Sendable {
    /// What a file looked like when its head was made.
    package struct State: Equatable, Sendable {
        package let size: Int64
        package let modifiedSeconds: Int64
        package let modifiedNanoseconds: UInt32

        package init(size: Int64, modifiedSeconds: Int64, modifiedNanoseconds: UInt32) {
            self.size = size
            self.modifiedSeconds = modifiedSeconds
            self.modifiedNanoseconds = modifiedNanoseconds
        }
    }

    /// Heads that are kept: a page has a few dozen files, and a head half a kilobyte.
    package static let countMax = 512

    private var heads: [[UInt8]: (state: State, lines: [UInt8])] = [:]

    package init() {}

    /// Status line and field lines; nil: they are to be made.
    package func lines(for path: [UInt8], _ state: State) -> [UInt8]? {
        guard let head = self.heads[path], head.state == state else { return nil }
        return head.lines
    }

    /// Keeps the head of an answer, but for the fields that change with time.
    package mutating func keep(_ head: ResponseHead, for path: [UInt8], _ state: State) {
        if self.heads.count >= Self.countMax { self.heads.removeAll(keepingCapacity: true) }
        var lines: [UInt8] = []
        var lasting = head
        lasting.fields.removeAll("Date")
        lasting.serializeLines(into: &lines)
        self.heads[path] = (state, lines)
    }

    /// Whether the answer depends on nothing but the file: no condition and no range.
    package static func admits(_ request: RequestHead) -> Bool {
        for index in request.fields.indices {
            let name = request.fields.name(at: index)
            if name.equalsIgnoringCase("Range") || name.startsIgnoringCase(with: "If-") { return false }
        }
        return true
    }
}
