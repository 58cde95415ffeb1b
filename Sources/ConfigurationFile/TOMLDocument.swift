internal import CTOML
internal import Configuration

/// Reads TOML 1.0 by toml++: the one file of this module that touches C.
enum TOMLDocument {
    /// The keys of the root table in the order of the text. Throws what the parser says of the first thing that is
    /// wrong.
    static func parse(_ text: [UInt8]) throws(TOMLFault) -> [TOMLEntry] {
        let parsed = unsafe text.withUnsafeBytes { bytes in
            unsafe ctoml_parse(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard let document = unsafe parsed else {
            throw TOMLFault(reason: "there is no memory to read it", line: 1, column: 1)
        }
        defer { unsafe ctoml_free(document) }
        var place = ctoml_place()
        let fault = unsafe ctoml_fault(document, &place)
        guard unsafe fault.count == 0 else {
            throw TOMLFault(
                reason: unsafe Self.string(fault), line: max(1, Int(place.line)), column: max(1, Int(place.column)))
        }
        let count = unsafe ctoml_count(document)
        var walk = unsafe Walk(document: document, count: count)
        guard count > 0, case .table(let entries) = walk.value().content else { return [] }
        return entries
    }

    fileprivate static func string(_ text: ctoml_text) -> String {
        unsafe String(
            decoding: UnsafeRawBufferPointer(start: text.bytes, count: text.count), as: UTF8.self)
    }

    fileprivate static func source(_ place: ctoml_place) -> Setting.Source {
        .file(line: max(1, Int(place.line)), column: max(1, Int(place.column)))
    }
}

/// Walks the list of nodes, in which each table and array is followed by what it contains.
@safe private struct Walk {
    private let document: OpaquePointer
    private let count: Int
    private var next = 0

    /// `document` must outlive the walk.
    @unsafe init(document: OpaquePointer, count: Int) {
        unsafe self.document = document
        self.count = count
    }

    mutating func value() -> TOMLValue { self.entry().value }

    private mutating func entry() -> TOMLEntry {
        precondition(self.next < self.count, "a table has the children it counts")
        let node = unsafe ctoml_node_at(self.document, self.next)
        self.next += 1
        let content: TOMLValue.Content =
            switch unsafe node.kind {
            case CTOML_STRING: .string(unsafe TOMLDocument.string(node.text))
            case CTOML_INTEGER: .integer(unsafe node.integer)
            case CTOML_FLOAT: .float
            case CTOML_BOOLEAN: .boolean(unsafe node.boolean)
            case CTOML_MOMENT: .moment
            case CTOML_ARRAY: .array(self.entries(unsafe node.children).map(\.value))
            case _: .table(self.entries(unsafe node.children))
            }
        return TOMLEntry(
            key: unsafe TOMLDocument.string(node.key), keySource: unsafe TOMLDocument.source(node.key_place),
            value: TOMLValue(content: content, source: unsafe TOMLDocument.source(node.place)))
    }

    private mutating func entries(_ count: Int) -> [TOMLEntry] { (0..<count).map { _ in self.entry() } }
}
