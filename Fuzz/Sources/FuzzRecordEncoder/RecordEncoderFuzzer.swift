import FuzzInput
import StdioFraming

/// What the encoder lets through, the decoder of the same framing gives back as exactly one record.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let framing = input.choice(Framing.allCases)
    let kind = input.choice(MessageKind.allCases)
    let innerNewline = input.choice(InnerNewline.allCases)
    var payload = input.rest
    let encoder = RecordEncoder(framing: framing, innerNewline: innerNewline)
    guard let wire = try? encode(encoder, kind, &payload) else { return 0 }
    guard framing != .lines || innerNewline != .pass else { return 0 }
    let records = decode(wire, RecordDecoder(framing: framing, kind: kind))
    if framing == .raw {
        // One message a read, of whole characters, and none for nothing.
        expectSame(records.flatMap { $0 }, payload, "raw")
    } else {
        expectSame(records, [payload], "\(framing), \(innerNewline)")
    }
    return 0
}

private func encode(
    _ encoder: RecordEncoder, _ kind: MessageKind, _ payload: inout [UInt8]
) throws(RecordViolation) -> [UInt8] {
    var span = payload.mutableSpan
    let count = try encoder.prepare(&span)
    payload.removeLast(payload.count - count)
    let prefix = try encoder.prefix(kind: kind, payloadCount: count)
    return (0..<prefix.count).map { prefix[$0] } + payload + (encoder.suffix.map { [$0] } ?? [])
}

private func decode(_ wire: [UInt8], _ fresh: RecordDecoder) -> [[UInt8]] {
    var decoder = fresh
    var records: [[UInt8]] = []
    var open: [UInt8] = []
    func collect(_ piece: RecordPiece, _ input: [UInt8]) {
        for index in 0..<piece.carried.count { open.append(piece.carried[index]) }
        open += input[piece.range]
        guard piece.ends else { return }
        records.append(open)
        open = []
    }
    do throws(RecordViolation) {
        var offset = 0
        while let piece = try decoder.next(wire.span, at: &offset) { collect(piece, wire) }
        while let piece = try decoder.finish() { collect(piece, []) }
    } catch {
        finding("\(error)")
    }
    return records
}
