import FuzzInput
import StdioFraming
import WebSocket

/// The validator and the repair against the standard library.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let seed = input.option()
    let bytes = input.rest
    let isText = String(validating: bytes, as: UTF8.self) != nil
    expectSame(isValid([bytes]), isText, "whole")
    expectSame(isValid(pieces(of: bytes, seed: seed)), isText, "cut by \(seed)")
    expectEarliest(bytes)
    let repaired = repair(bytes, room: Int(seed) + 4)
    expectSame(repaired, Array(String(decoding: bytes, as: UTF8.self).utf8), "repaired")
    expectSame(TextRepair.repairedCount(of: bytes.span), repaired.count, "count")
    return 0
}

private func isValid(_ inputs: [[UInt8]]) -> Bool {
    var validator = UTF8Validator()
    for input in inputs {
        guard validator.consume(input.span) else { return false }
    }
    return validator.isAtBoundary
}

/// Every byte that is taken can still become text: with some continuation bytes behind it, it is.
private func expectEarliest(_ bytes: [UInt8]) {
    var validator = UTF8Validator()
    var taken = 0
    while taken < bytes.count, validator.consume(bytes.span.extracting(taken..<taken + 1)) { taken += 1 }
    guard !validator.isAtBoundary || taken == bytes.count else { return }
    let tails: [[UInt8]] = [[], [0x80], [0x9F], [0xA0], [0x80, 0x80], [0x9F, 0x80], [0xA0, 0x80], [0x8F, 0x80, 0x80],
        [0x90, 0x80, 0x80]]
    let isOpen = tails.contains { String(validating: bytes[..<taken] + $0, as: UTF8.self) != nil }
    if !isOpen { finding("took \(taken) bytes of \(bytes)") }
}

/// Repairs into outputs of `room` bytes, one after the other.
private func repair(_ bytes: [UInt8], room: Int) -> [UInt8] {
    var repaired: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
        repaired += [UInt8](capacity: room) { TextRepair.append(bytes.span, from: &offset, to: &$0) }
    }
    return repaired
}
