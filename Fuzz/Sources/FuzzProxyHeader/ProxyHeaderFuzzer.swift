import FuzzInput
import ProxyProtocol

private enum Outcome: Equatable {
    case more
    case header(ProxyHeader, bytesUsed: Int)
    case refused(ProxyHeaderViolation)
}

private func outcome(_ bytes: [UInt8]) -> Outcome {
    do throws(ProxyHeaderViolation) {
        guard let (header, bytesUsed) = try ProxyHeader.parse(bytes.span) else { return .more }
        return .header(header, bytesUsed: bytesUsed)
    } catch {
        return .refused(error)
    }
}

/// The answer may not depend on how the network cut the bytes, no header may exceed its limit, and what is written is
/// read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let seed = input.option()
    let bytes = input.rest
    let whole = outcome(bytes)
    var arrived: [UInt8] = []
    var answer = Outcome.more
    for piece in pieces(of: bytes, seed: seed) where answer == .more {
        arrived += piece
        answer = outcome(arrived)
    }
    expectSame(answer, whole, "cut by \(seed)")
    switch whole {
    case .more:
        if bytes.count >= ProxyHeader.bytesMax { finding("waits for more than the limit") }
    case .header(let header, let bytesUsed):
        if bytesUsed > min(bytes.count, ProxyHeader.bytesMax) { finding("used \(bytesUsed) bytes") }
        let binary = header.version2(hasChecksum: true)
        expectSame(outcome(binary), .header(header, bytesUsed: binary.count), "version 2 of it")
        if outcome(header.version1) == .more { finding("version 1 is no header") }
    case .refused:
        break
    }
    return 0
}
