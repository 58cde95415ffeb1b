import HTTPSemantics
import StaticFiles
import Testing

@Suite struct FileAnswerTests {
    private static let now = PreconditionTests.now

    private func answer(
        _ fields: HeaderFields = [:], method: String = "GET", size: Int64 = 1000,
        _ shared: FileFields = FileFields(), coding: ContentCoding? = nil
    ) -> FileAnswer {
        FileAnswer(
            to: RequestHead(method: method, target: "/x", fields: fields),
            FileVersion(size: size, modifiedSeconds: 784_111_777, modifiedNanoseconds: 0, now: Self.now),
            type: "text/plain", coding: coding, shared, date: "now", boundary: { "B" })
    }

    @Test func whole() {
        let answer = self.answer()
        #expect(answer.head.status == .ok && answer.parts == [.file(0..<1000)] && answer.length == 1000)
        #expect(answer.head.fields.first("Accept-Ranges") == "bytes")
        #expect(answer.head.fields.first("X-Content-Type-Options") == "nosniff")
        #expect(answer.head.fields.first("Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(answer.head.fields.first("Date") == "now")
        #expect(!answer.head.fields.contains("Cache-Control") && !answer.head.fields.contains("Vary"))
        #expect(self.answer(size: 0).parts == [] && self.answer(size: 0).head.status == .ok)
    }

    /// RFC 9110 section 15.4.5: what a cache needs to go on with what it has.
    @Test func notModified() {
        let shared = FileFields(cacheControl: "max-age=1", variesByCoding: true)
        let answer = self.answer(["If-None-Match": "*"], shared)
        #expect(answer.head.status == .notModified && answer.parts == [])
        #expect(answer.head.fields.map(\.name) == ["Date", "ETag", "Last-Modified", "Cache-Control", "Vary"])
    }

    @Test func oneRange() {
        let answer = self.answer(["Range": "bytes=10-19"])
        #expect(answer.head.status == .partialContent && answer.parts == [.file(10..<20)])
        #expect(answer.head.fields.first("Content-Range") == "bytes 10-19/1000")
        #expect(answer.head.fields.first("Content-Type") == "text/plain")
    }

    @Test func severalRanges() {
        let answer = self.answer(["Range": "bytes=0-0,-1"])
        #expect(answer.head.fields.first("Content-Type") == "multipart/byteranges; boundary=B")
        let text = answer.parts.map { part in
            switch part {
            case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
            case .file(let range): "[\(range)]"
            }
        }.joined()
        #expect(
            text == "--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-0/1000\r\n\r\n[0..<1]"
                + "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 999-999/1000\r\n\r\n[999..<1000]"
                + "\r\n--B--\r\n")
        #expect(answer.length == answer.parts.reduce(0) { $0 + $1.count })
    }

    @Test func rangesThatDoNotCount() {
        #expect(self.answer(["Range": "bytes=0-1"], method: "HEAD").head.status == .ok)
        #expect(self.answer(["Range": "bytes=0-1", "Range": "bytes=2-3"]).head.status == .ok)
        #expect(self.answer(["Range": "bytes=0-1", "If-Range": "\"other\""]).head.status == .ok)
        let tag = FieldValue(PreconditionTests.tag.replacing("-5\"", with: "-3e8\""))
        #expect(self.answer(["Range": "bytes=0-1", "If-Range": tag]).head.status == .partialContent)
    }

    @Test func unsatisfiable() {
        let answer = self.answer(["Range": "bytes=1000-"])
        #expect(answer.head.status == .rangeNotSatisfiable)
        #expect(answer.head.fields.first("Content-Range") == "bytes */1000")
        // A condition goes first.
        #expect(self.answer(["Range": "bytes=1000-", "If-Match": "\"x\""]).head.status == .preconditionFailed)
        #expect(self.answer(["Range": "bytes=1000-", "If-None-Match": "*"]).head.status == .notModified)
    }

    @Test func coded() {
        #expect(self.answer(coding: .brotli).head.fields.first("Content-Encoding") == "br")
    }
}
