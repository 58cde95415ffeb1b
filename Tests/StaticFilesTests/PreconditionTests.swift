import HTTPSemantics
import StaticFiles
import Testing

/// The file: changed at 784111777 (1994), looked at 30 years later; its tag is `"ae1b981bc490a00-5"`.
@Suite struct PreconditionTests {
    static let now: Int64 = 1_700_000_000_000_000_000
    static let version = FileVersion(size: 5, modifiedSeconds: 784_111_777, modifiedNanoseconds: 0, now: now)
    static let fresh = FileVersion(
        size: 5, modifiedSeconds: 1_699_999_999, modifiedNanoseconds: 500_000_000, now: now)
    static let tag = "\"ae1b981bc490a00-5\""
    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    static let rows: [(fields: HeaderFields, outcome: Precondition)] = [
        ([:], .passed),
        (["If-None-Match": FieldValue(tag)], .notModified),
        (["If-None-Match": FieldValue("W/" + tag)], .notModified),
        (["If-None-Match": FieldValue("\"a\", W/\"b,c\",\(tag)")], .notModified),
        (["If-None-Match": "\"a\"", "If-None-Match": FieldValue(tag)], .notModified),
        (["If-None-Match": "*"], .notModified),
        (["If-None-Match": "\"other\""], .passed),
        (["If-None-Match": "nonsense"], .passed),
        (["If-None-Match": ""], .passed),
        // The tag goes before the date.
        (["If-None-Match": "\"other\"", "If-Modified-Since": FieldValue(date)], .passed),
        (["If-Modified-Since": FieldValue(date)], .notModified),
        (["If-Modified-Since": "Mon, 07 Nov 1994 08:49:37 GMT"], .notModified),
        (["If-Modified-Since": FieldValue(earlier)], .passed),
        (["If-Modified-Since": "nonsense"], .passed),
        (["If-Modified-Since": FieldValue(date), "If-Modified-Since": FieldValue(date)], .passed),
        (["If-Match": FieldValue(tag)], .passed),
        (["If-Match": FieldValue("W/" + tag)], .failed),
        (["If-Match": "*"], .passed),
        (["If-Match": "\"other\""], .failed),
        (["If-Match": "nonsense"], .failed),
        (["If-Match": FieldValue(tag), "If-Unmodified-Since": FieldValue(earlier)], .passed),
        (["If-Unmodified-Since": FieldValue(date)], .passed),
        (["If-Unmodified-Since": FieldValue(earlier)], .failed),
        (["If-Unmodified-Since": "nonsense"], .passed),
        (["If-Match": "\"other\"", "If-None-Match": FieldValue(tag)], .failed),
        (["If-Match": FieldValue(tag), "If-None-Match": FieldValue(tag)], .notModified),
    ]

    @Test(arguments: rows)
    func evaluates(_ row: (fields: HeaderFields, outcome: Precondition)) {
        #expect(Precondition.evaluate(row.fields, Self.version) == row.outcome, "\(row.fields.map(\.value))")
    }

    @Test func theTagIsWhatItShouldBe() {
        #expect(String(decoding: Self.version.tag.text, as: UTF8.self) == Self.tag)
    }

    static let ranges: [(value: String?, fresh: Bool, allows: Bool)] = [
        (nil, false, true), (tag, false, true), ("W/" + tag, false, false), ("\"other\"", false, false),
        (date, false, true), (earlier, false, false), ("Mon, 07 Nov 1994 08:49:37 GMT", false, false),
        ("nonsense", false, false), ("", false, false),
        (String(decoding: fresh.tag.text, as: UTF8.self), true, false),
        (String(decoding: fresh.modified.text, as: UTF8.self), true, false),
    ]

    /// If-Range wants strong validators.
    @Test(arguments: ranges)
    func rangesOfTheSameState(_ row: (value: String?, fresh: Bool, allows: Bool)) {
        var fields = HeaderFields()
        if let value = row.value { fields.append("If-Range", FieldValue(value)) }
        #expect(Precondition.allowsRange(fields, row.fresh ? Self.fresh : Self.version) == row.allows)
    }

    /// What was written a moment ago may be written again in the same tick.
    @Test func aFreshFileHasAWeakTag() {
        #expect(Self.fresh.tag.isWeak && !Self.version.tag.isWeak)
        let future = FileVersion(size: 5, modifiedSeconds: 1_800_000_000, modifiedNanoseconds: 0, now: Self.now)
        #expect(future.tag.isWeak && future.modified.seconds == 1_700_000_000)
    }

    @Test func codingsHaveTagsOfTheirOwn() {
        let coded = FileVersion(
            size: 5, modifiedSeconds: 784_111_777, modifiedNanoseconds: 0, coding: "gzip", now: Self.now)
        #expect(coded.tag != Self.version.tag)
    }

    /// No time of a file is a trap.
    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func extremeTimes(_ seconds: Int64) {
        for nanoseconds: UInt32 in [0, 999_999_999, .max] {
            for now in [Int64.min, 0, Int64.max] {
                let version = FileVersion(
                    size: -1, modifiedSeconds: seconds, modifiedNanoseconds: nanoseconds, now: now)
                #expect(EntityTag(version.tag.text) == version.tag)
                #expect(HTTPDate(version.modified.text) == version.modified)
            }
        }
    }

    static let tags: [(text: String, isTag: Bool)] = [
        ("\"\"", true), ("\"a\"", true), ("W/\"a\"", true), ("w/\"a\"", false), ("a", false), ("\"a", false),
        ("\"a\"b", false), ("\"a b\"", false), ("\"\u{7F}\"", false), ("", false), ("W/", false), ("\"é\"", true),
    ]

    @Test(arguments: tags)
    func entityTags(_ row: (text: String, isTag: Bool)) {
        #expect((EntityTag(Array(row.text.utf8)) != nil) == row.isTag)
    }
}
