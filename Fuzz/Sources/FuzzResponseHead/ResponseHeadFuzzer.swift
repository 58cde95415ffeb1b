import FuzzInput
import HTTP1
import HTTPSemantics

private enum Outcome: Equatable {
    case more
    case head(ReceivedHead, BodyFraming?, bytesUsed: Int)
    case refused(ResponseViolation)
}

private func outcome(_ parser: inout ResponseHeadParser, _ bytes: [UInt8]) -> Outcome {
    do throws(ResponseViolation) {
        guard let (head, bytesUsed) = try parser.parse(bytes.span) else { return .more }
        return .head(head, try? BodyFraming(of: head, to: "GET"), bytesUsed: bytesUsed)
    } catch {
        return .refused(error)
    }
}

/// What a server says may not depend on how the network cut it, and no head may exceed its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    var limits = ResponseHeadLimits()
    if input.option() % 2 == 1 { (limits.bytesMax, limits.fieldCountMax) = (80, 3) }
    let seed = input.option()
    let bytes = input.rest
    var parser = ResponseHeadParser(limits: limits)
    let whole = outcome(&parser, bytes)
    var trickled = ResponseHeadParser(limits: limits)
    var arrived: [UInt8] = []
    var answer = Outcome.more
    for piece in pieces(of: bytes, seed: seed) where answer == .more {
        arrived += piece
        answer = outcome(&trickled, arrived)
    }
    expectSame(answer, whole, "cut by \(seed)")
    switch whole {
    case .more: if bytes.count >= limits.bytesMax { finding("waits for more than the limit") }
    case .head(let head, let framing, let bytesUsed):
        if bytesUsed > min(bytes.count, limits.bytesMax) { finding("used \(bytesUsed) bytes") }
        if head.head.fields.count > limits.fieldCountMax { finding("\(head.head.fields.count) fields") }
        let isDouble = head.head.fields.contains("Transfer-Encoding") && head.head.fields.contains("Content-Length")
        if isDouble, framing != nil { finding("two framings in one answer") }
    case .refused: expectSame(outcome(&parser, bytes), whole, "a violation stays")
    }
    return 0
}
