internal import IOCore

/// Listens to a child's standard input, which says only whether it takes more.
final class ChildInput: ByteStreamDelegate {
    private unowned let peer: ChildPeer

    init(peer: ChildPeer) { self.peer = peer }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {}
    func inputEnded() {}
    func outputAdvanced() { self.peer.inputAdvanced() }
    func failed(_ failure: StreamFailure) { self.peer.inputBroke() }
}
