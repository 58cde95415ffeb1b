import FuzzInput
import WebSocket

/// What a client sends means the same however it is cut and wherever the payload is put.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let limits = input.choice([
        MessageLimits(frameBytesMax: 1 << 20, messageBytesMax: 1 << 20),
        MessageLimits(frameBytesMax: 64, messageBytesMax: 100, fragmentsMax: 4),
        MessageLimits(frameBytesMax: .max, messageBytesMax: .max),
    ])
    let placement = input.choice(FrameTrace.Placement.allCases)
    let seed = input.option()
    let bytes = input.rest
    let whole = FrameTrace([bytes], limits: limits)
    let cut = FrameTrace(pieces(of: bytes, seed: seed), placement: placement, limits: limits)
    expectSame(cut, whole, "cut by \(seed), \(placement)")
    expectSame(FrameTrace([bytes], placement: placement, limits: limits), whole, "\(placement)")
    for event in whole.events { check(event, limits) }
    if let violation = whole.violation, !violation.closeCode.isAllowedOnWire { finding("\(violation.closeCode)") }
    return 0
}

private func check(_ event: FrameTrace.Event, _ limits: MessageLimits) {
    switch event {
    case .message(let type, let payload):
        if payload.count > limits.messageBytesMax { finding("\(payload.count) bytes") }
        if type == .text, String(validating: payload, as: UTF8.self) == nil { finding("text that is none") }
    case .control(let opcode, let payload):
        if payload.count > 125 { finding("control frame of \(payload.count) bytes") }
        if opcode == .close { checkClose(payload) }
    }
}

/// A Close that is taken can be sent on as it came.
private func checkClose(_ payload: [UInt8]) {
    guard let frame = try? CloseFrame(parsing: payload.span), let code = frame.code else { return }
    let again = CloseFrame(code: code, reason: frame.reason)
    expectSame(Array(again.encoded.dropFirst(2)), payload, "close frame")
}
