package import IOCore
internal import SystemCalls
internal import TLSEngine

/// What the TLS streams of one worker share: two windows, and the order in which handshakes are worked on.
package final class TLSWorkspace {
    /// Records of a whole window: each has 16 KiB at most and less than 100 bytes around it.
    private static let ciphertextBytes = ReceiveWindow.bytesMax + (8 << 10)

    let loop: any EventLoop
    let handshakes: HandshakeQueue
    /// What a client gets that speaks plain HTTP where TLS is spoken.
    let plainAnswer: [UInt8]
    private var plaintext: ZeroedMemory
    private var ciphertext: ZeroedMemory

    package init(_ loop: any EventLoop, plainAnswer: [UInt8]) {
        self.loop = loop
        self.handshakes = HandshakeQueue(loop)
        self.plainAnswer = plainAnswer
        self.plaintext = ZeroedMemory(count: ReceiveWindow.headroom + ReceiveWindow.bytesMax)
        self.ciphertext = ZeroedMemory(count: Self.ciphertextBytes)
    }

    /// The window that plaintext is delivered in, headroom first. One user at a time.
    func withPlaintext(_ body: (inout MutableSpan<UInt8>) -> Void) {
        Self.lend(&self.plaintext, to: body)
    }

    /// Room for what goes to the peer. One user at a time.
    func withCiphertext(_ body: (inout MutableSpan<UInt8>) -> Void) {
        Self.lend(&self.ciphertext, to: body)
    }

    private static func lend(_ memory: inout ZeroedMemory, to body: (inout MutableSpan<UInt8>) -> Void) {
        var window = memory.bytes
        body(&window)
    }
}
