import FuzzInput
import HTTP1
import HTTPSemantics

private enum Outcome: Equatable {
    case more
    case head(RequestHead, bytesUsed: Int)
    case refused(RequestHeadViolation)
}

private func outcome(_ parser: inout RequestHeadParser, _ bytes: [UInt8]) -> Outcome {
    do throws(RequestHeadViolation) {
        guard let (head, bytesUsed) = try parser.parse(bytes.span) else { return .more }
        return .head(head, bytesUsed: bytesUsed)
    } catch {
        return .refused(error)
    }
}

/// The answer may not depend on how the network cut the bytes, and no head may exceed its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let limits = input.choice([
        RequestHeadLimits(), RequestHeadLimits(requestLineBytesMax: 40, headerBytesMax: 60, fieldCountMax: 3),
    ])
    let seed = input.option()
    let bytes = input.rest
    var parser = RequestHeadParser(limits: limits)
    let whole = outcome(&parser, bytes)
    var trickled = RequestHeadParser(limits: limits)
    var arrived: [UInt8] = []
    var answer = Outcome.more
    for piece in pieces(of: bytes, seed: seed) where answer == .more {
        arrived += piece
        answer = outcome(&trickled, arrived)
    }
    expectSame(answer, whole, "cut by \(seed)")
    switch whole {
    case .more:
        if bytes.count >= limits.requestHeadBytesMax { finding("waits for more than the limit") }
    case .head(let head, let bytesUsed):
        if bytesUsed > min(bytes.count, limits.requestHeadBytesMax) { finding("used \(bytesUsed) bytes") }
        if head.fields.count > limits.fieldCountMax { finding("\(head.fields.count) fields") }
    case .refused:
        expectSame(outcome(&parser, bytes), whole, "a violation stays")
    }
    return 0
}
