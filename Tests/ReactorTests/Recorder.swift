import IOCore

/// Writes down what a stream tells.
final class Recorder: ByteStreamDelegate {
    var bytes: [UInt8] = []
    var reads = 0
    var ends = 0
    var advances = 0
    var failures: [StreamFailure] = []
    var onBytes: () -> Void = {}

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        for index in start..<window.count { self.bytes.append(window[index]) }
        self.reads += 1
        // All of the window may be overwritten, headroom included.
        for index in start - ReceiveWindow.headroom..<window.count { window[index] = 0xEE }
        self.onBytes()
    }
    func inputEnded() { self.ends += 1 }
    func outputAdvanced() { self.advances += 1 }
    func failed(_ failure: StreamFailure) { self.failures.append(failure) }
}
