import FuzzInput
import WebSocket

private struct Outcome: Equatable {
    var passed: [UInt8] = []
    var messages = 0
    var payloadBytes = 0
    var stop = FrameFollower.Stop.end
    var code: CloseCode?
}

private func follow(_ parts: [[UInt8]], _ messageBytesMax: UInt64) -> Outcome {
    let room = 16
    var outcome = Outcome()
    var follower = FrameFollower()
    for part in parts where outcome.stop == .end {
        var bytes = [UInt8](repeating: 0xEE, count: room) + part
        var window = bytes.mutableSpan
        let begin = follower.begin(&window, at: room)
        let (end, stop) = follower.follow(window, from: begin, messageBytesMax: messageBytesMax)
        for index in begin..<end { outcome.passed.append(window[index]) }
        let count = follower.takeCount()
        outcome.messages += count.messages
        outcome.payloadBytes &+= count.payloadBytes
        outcome.stop = stop
    }
    outcome.code = follower.closeCode
    return outcome
}

/// Frames are followed alike however they are cut, and nothing goes on that was not sent.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let limit = input.choice([UInt64.max, 10, 200])
    let seed = input.option()
    let bytes = input.rest
    let whole = follow([bytes], limit)
    expectSame(follow(pieces(of: bytes, seed: seed), limit), whole, "cut by \(seed)")
    if !bytes.starts(with: whole.passed) { finding("passed what was not sent") }
    if bytes.count - whole.passed.count > 13, whole.stop == .end { finding("holds more than a header") }
    return 0
}
