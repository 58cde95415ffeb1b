import FuzzInput
import HTTP1
import HTTPSemantics

private struct Outcome: Equatable {
    var content: [UInt8] = []
    var trailers: HeaderFields?
    var violation: BodyViolation?
    /// Bytes that belong to the body.
    var used = 0
}

private func read(_ framing: BodyFraming, _ parts: [[UInt8]]) -> Outcome {
    var outcome = Outcome()
    var reader = BodyReader(framing)
    for part in parts {
        var offset = 0
        do throws(BodyViolation) {
            while let piece = try reader.next(part.span, from: &offset) {
                switch piece {
                case .data(let range): outcome.content += part[range]
                case .end(let trailers): outcome.trailers = trailers
                }
            }
        } catch {
            outcome.violation = error
            return outcome
        }
        outcome.used += offset
        if outcome.trailers != nil { return outcome }
        if offset != part.count { finding("stopped in the middle of a body") }
    }
    return outcome
}

/// A body is the same however it is cut, and chunks that are made of it are read as it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let framing = input.choice([BodyFraming.chunked, .chunked, .chunked, .length(7), .untilClose])
    let seed = input.option()
    let bytes = input.rest
    let whole = read(framing, [bytes])
    var cut = read(framing, pieces(of: bytes, seed: seed))
    // What came before a violation is the same; where it stands is not known any more.
    if whole.violation != nil { cut.used = whole.used }
    expectSame(cut, whole, "cut by \(seed)")
    guard !bytes.isEmpty else { return 0 }
    var room = [UInt8](repeating: 0, count: ChunkFrame.headroom + bytes.count + ChunkFrame.tailroom)
    for index in bytes.indices { room[ChunkFrame.headroom + index] = bytes[index] }
    var window = room.mutableSpan
    let chunk = ChunkFrame.wrap(&window, ChunkFrame.headroom..<ChunkFrame.headroom + bytes.count)
    let again = read(.chunked, pieces(of: Array(room[chunk]) + Array("0\r\n\r\n".utf8), seed: seed))
    expectSame(again.content, bytes, "wrapped and read again")
    if again.trailers == nil { finding("a wrapped body has no end") }
    return 0
}
