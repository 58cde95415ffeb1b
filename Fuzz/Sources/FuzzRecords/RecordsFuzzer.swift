import FuzzInput
import StdioFraming

/// A program's output means the same however the pipe cuts it, and no record exceeds its limit.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let framing = input.choice(Framing.allCases)
    let options = DecoderOptions(
        framing: framing, kind: input.choice([nil, .text, .binary]),
        bytesMax: input.choice([4, 5, 8, 64, 1 << 20]), longRecord: input.choice(LongRecord.allCases))
    let seed = input.option()
    let bytes = input.rest
    let whole = options.decode([bytes])
    let cut = options.decode(pieces(of: bytes, seed: seed))
    guard framing != .raw else {
        // One message a read: only the bytes and the borders of characters are kept.
        expectSame(cut.messages.flatMap(\.payload), bytes, "raw")
        if options.kind == .text { expectWholeCharacters(cut, of: bytes) }
        return 0
    }
    expectSame(cut.outcome, whole.outcome, "cut by \(seed), \(options)")
    for message in whole.messages where message.payload.count > options.bytesMax { finding("too long: \(message)") }
    if options.longRecord == .split { expectWholeCharacters(whole, of: bytes) }
    return 0
}

/// Output that is UTF-8 is never cut within a character.
private func expectWholeCharacters(_ records: DecodedRecords, of bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return }
    for message in records.messages where message.kind == .text {
        if String(validating: message.payload, as: UTF8.self) == nil { finding("cut within a character: \(records)") }
    }
}
