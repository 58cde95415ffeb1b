package import HTTPSemantics

/// The answer to GET or HEAD of a file: its head, and of what its body is put together.
package struct FileAnswer: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case bytes([UInt8])
        case file(Range<Int64>)

        package var count: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(let range): range.upperBound - range.lowerBound
            }
        }
    }

    package let head: ResponseHead
    package let parts: [Part]

    private init(head: ResponseHead, parts: [Part]) {
        self.head = head
        self.parts = parts
    }

    /// Bytes of the body. A file of holes may be as large as numbers go, and a part has words around it.
    package var length: Int64 {
        self.parts.reduce(0) { sum, part in
            let (longer, isOver) = sum.addingReportingOverflow(part.count)
            return isOver ? .max : longer
        }
    }
}

/// What is the same for all files of a route.
package struct FileFields: Sendable {
    /// Of every answer that is a file.
    package let cacheControl: FieldValue?
    /// Compressed files may stand for plain ones, so caches must ask anew for each kind of client.
    package let variesByCoding: Bool

    package init(cacheControl: FieldValue? = nil, variesByCoding: Bool = false) {
        self.cacheControl = cacheControl
        self.variesByCoding = variesByCoding
    }
}

extension FileAnswer {
    /// Decides by the conditions and ranges of the request. `date` is now; `boundary` has at most 70 letters and digits
    /// and stands nowhere in the file, as far as chance goes.
    package init(
        to request: RequestHead, _ version: FileVersion, type: FieldValue, coding: ContentCoding? = nil,
        _ shared: FileFields, date: FieldValue, boundary: () -> String
    ) {
        var fields = HeaderFields()
        fields.append("Date", date)
        switch Precondition.evaluate(request.fields, version) {
        case .failed:
            fields.append("Content-Type", "text/plain; charset=utf-8")
            let reason = Array("the file is not in the state that was asked for\n".utf8)
            self.init(head: ResponseHead(status: .preconditionFailed, fields: fields), parts: [.bytes(reason)])
            return
        case .notModified:
            Self.append(version, shared, to: &fields)
            self.init(head: ResponseHead(status: .notModified, fields: fields), parts: [])
            return
        case .passed:
            break
        }
        fields.append("Content-Type", type)
        Self.append(version, shared, to: &fields)
        fields.append("Accept-Ranges", "bytes")
        fields.append("X-Content-Type-Options", "nosniff")
        if let coding { fields.append("Content-Encoding", FieldValue(coding.rawValue)) }
        switch Self.ranges(of: request, version) {
        case .whole:
            let parts = version.size > 0 ? [Part.file(0..<version.size)] : []
            self.init(head: ResponseHead(status: .ok, fields: fields), parts: parts)
        case .unsatisfiable:
            self.init(unsatisfiable: version.size, date: date)
        case .parts(let ranges) where ranges.count == 1:
            fields.append("Content-Range", Self.contentRange(ranges[0], version.size))
            self.init(head: ResponseHead(status: .partialContent, fields: fields), parts: [.file(ranges[0])])
        case .parts(let ranges):
            let boundary = boundary()
            fields.set("Content-Type", FieldValue("multipart/byteranges; boundary=\(boundary)"))
            self.init(
                head: ResponseHead(status: .partialContent, fields: fields),
                parts: Self.multipart(ranges, version.size, type: type, boundary: boundary))
        }
    }

    private init(unsatisfiable size: Int64, date: FieldValue) {
        let head = ResponseHead(
            status: .rangeNotSatisfiable,
            fields: [
                "Date": date, "Content-Range": FieldValue("bytes */\(size)"),
                "Content-Type": "text/plain; charset=utf-8",
            ])
        self.init(head: head, parts: [.bytes(Array("the file has \(size) bytes\n".utf8))])
    }

    private static func append(_ version: FileVersion, _ shared: FileFields, to fields: inout HeaderFields) {
        fields.append("ETag", FieldValue(bytes: version.tag.text))
        fields.append("Last-Modified", FieldValue(bytes: version.modified.text))
        if let cacheControl = shared.cacheControl { fields.append("Cache-Control", cacheControl) }
        if shared.variesByCoding { fields.append("Vary", "Accept-Encoding") }
    }

    /// Ranges mean something for GET alone (RFC 9110 section 14.2).
    private static func ranges(of request: RequestHead, _ version: FileVersion) -> ByteRanges {
        guard request.method == "GET", let field = request.fields.only("Range") else { return .whole }
        guard Precondition.allowsRange(request.fields, version) else { return .whole }
        return ByteRanges(field.bytes, size: version.size)
    }

    private static func contentRange(_ range: Range<Int64>, _ size: Int64) -> FieldValue {
        FieldValue("bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
    }

    /// RFC 9110 section 14.6: each part with a head of its own, and the boundary behind the last.
    private static func multipart(
        _ ranges: [Range<Int64>], _ size: Int64, type: FieldValue, boundary: String
    ) -> [Part] {
        var parts: [Part] = []
        for (index, range) in ranges.enumerated() {
            let start = index == 0 ? "--\(boundary)\r\n" : "\r\n--\(boundary)\r\n"
            let head = start + "Content-Type: \(type)\r\nContent-Range: \(Self.contentRange(range, size))\r\n\r\n"
            parts += [.bytes(Array(head.utf8)), .file(range)]
        }
        return parts + [.bytes(Array("\r\n--\(boundary)--\r\n".utf8))]
    }
}
