import FuzzInput
import HTTPSemantics
import Routing
import StaticFiles

/// What a client may say about a file besides its path, by the first byte of a line.
private let names = [
    "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Accept-Encoding",
]

/// A path leads below its folder or nowhere, and an answer holds what the request asked for and the file has.
///
/// The input: options, then lines. The first is the path of the request, each other one a field.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let size = input.choice([0, 1, 5, 1000, 1 << 40, .max] as [Int64])
    let age = input.choice([0, 1, 1_000_000_000, 1 << 60, -5] as [Int64])
    let method = input.choice(["GET", "HEAD"])
    let lines = input.rest.split(separator: 0x0A, omittingEmptySubsequences: false)
    checkPath(lines.first.map { Array($0) } ?? [])
    var fields = HeaderFields()
    for line in lines.dropFirst() {
        // What no head can contain never gets here.
        guard let name = line.first, line.dropFirst().allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { continue }
        fields.append(names[Int(name) % names.count], FieldValue(bytes: Array(line.dropFirst())))
    }
    let now: Int64 = 1_800_000_000_000_000_000
    let version = FileVersion(
        size: size, modifiedSeconds: (now &- age) / 1_000_000_000, modifiedNanoseconds: 7, now: now)
    checkFields(fields)
    checkAnswer(RequestHead(method: method, target: "/", fields: fields), version)
    return 0
}

private func checkPath(_ bytes: [UInt8]) {
    let text = "/" + String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
    guard let path = try? RequestPath(text) else { return }
    guard let file = FilePath(decoded: path.bytes) else { return }
    guard !file.bytes.isEmpty else { return }
    for (index, segment) in file.bytes.split(separator: 0x2F, omittingEmptySubsequences: false).enumerated() {
        let isHidden = segment.first == 0x2E && !(index == 0 && segment.elementsEqual(".well-known".utf8))
        if segment.isEmpty || isHidden || segment.contains(0) { finding("\(text) leads to \(file.bytes)") }
    }
    let escaped = FilePath.escape(file.bytes)
    if !escaped.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x22 }) { finding(escaped) }
    guard let again = try? RequestPath("/" + escaped) else { finding("\(escaped) is no path") }
    expectSame(FilePath(decoded: again.bytes)?.bytes, file.bytes, escaped)
    if FilePath.ending(of: file.bytes).utf8.count > 16 { finding("a long ending") }
    guard let fallback = FallbackPath("/{path}.html").path(for: file) else { finding("no fallback") }
    expectSame(fallback, file.bytes + Array(".html".utf8), "fallback")
}

private func checkFields(_ fields: HeaderFields) {
    let codings = ContentCoding.accepted(fields)
    expectSame(Set(codings).count, codings.count, "codings that come twice")
    for value in fields.all("If-None-Match") {
        guard case .listed(let tags) = EntityTagList(value.bytes) else { continue }
        for tag in tags { expectSame(EntityTag(tag.text), tag, "a tag that was read") }
    }
    for value in fields.all("If-Modified-Since") {
        guard let date = HTTPDate(value.bytes) else { continue }
        expectSame(HTTPDate(date.text), date, "a date that was read")
    }
}

private func checkAnswer(_ request: RequestHead, _ version: FileVersion) {
    let answer = FileAnswer(
        to: request, version, type: "text/plain", FileFields(), date: "now", boundary: { "B" })
    let ranges = answer.parts.compactMap { part -> Range<Int64>? in
        if case .file(let range) = part { range } else { nil }
    }
    for range in ranges {
        if range.isEmpty || range.lowerBound < 0 || range.upperBound > version.size { finding("\(range)") }
    }
    if ranges.count > ByteRanges.partsMax { finding("\(ranges.count) parts") }
    var total: Int64 = 0
    for range in ranges {
        let (sum, isOver) = total.addingReportingOverflow(range.upperBound - range.lowerBound)
        if isOver || sum > version.size { finding("more than the file: \(ranges)") }
        total = sum
    }
    if answer.length < total { finding("\(answer.length) bytes for \(total) of the file") }
    let isWhole = version.size == 0 ? ranges.isEmpty : ranges == [0..<version.size]
    switch answer.head.status.code {
    case 200: if !isWhole { finding("a 200 of \(ranges)") }
    case 206:
        let isAsked = request.method == "GET" && request.fields.contains("Range")
        if !isAsked || ranges.isEmpty { finding("a 206 of \(ranges)") }
        expectSame(answer.head.fields.contains("Content-Range"), ranges.count == 1, "where the range stands")
    case 304: if !answer.parts.isEmpty { finding("a 304 with a body") }
    case 412, 416: if !ranges.isEmpty { finding("a refusal with content") }
    default: finding("\(answer.head.status)")
    }
    if answer.head.fields.contains("ETag") != [200, 206, 304].contains(answer.head.status.code) { finding("no tag") }
}
