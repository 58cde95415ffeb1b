import IOCore
import Testing
import Transport

/// Writes down what a stream tells it, and does with it what the test says.
final class RecordingDelegate: ByteStreamDelegate {
    weak var stream: (any ByteStream)?
    var heard: [UInt8] = []
    var hasEnded = false
    var failure: StreamFailure?
    var advances = 0
    var echoes = false
    /// Ends its own side when the other has ended.
    var answersEnd = false
    /// Pauses after each delivery; the test resumes.
    var pausesAfterEach = false
    var isPaused = false
    /// Called at the end of each delivery.
    var hears: () -> Void = {}
    private var isTold = false

    init(_ stream: any ByteStream) { self.stream = stream }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        self.told()
        defer { self.isTold = false }
        #expect(start >= ReceiveWindow.headroom)
        #expect(window.count - start <= ReceiveWindow.bytesMax)
        for index in start..<window.count { self.heard.append(window[index]) }
        if self.echoes { self.stream?.write(window.span.extracting(start..<window.count)) }
        // The owner may write what it likes into the window, the headroom included.
        for index in 0..<window.count { window[index] = 0x5A }
        if self.pausesAfterEach { self.pause() }
        self.hears()
    }

    func inputEnded() {
        self.told()
        defer { self.isTold = false }
        self.hasEnded = true
        if self.answersEnd { self.stream?.finishWriting() }
    }

    func outputAdvanced() { self.advances += 1 }

    func failed(_ failure: StreamFailure) {
        #expect(!self.isTold)
        self.failure = failure
    }

    func pause() {
        self.isPaused = true
        self.stream?.pauseReading()
    }

    /// From within a turn or without; nothing may be told before it returns.
    func resume() {
        self.isTold = true
        self.isPaused = false
        self.stream?.resumeReading()
        self.isTold = false
    }

    private func told() {
        #expect(!self.isTold, "told from within a call")
        #expect(!self.isPaused, "told while paused")
        #expect(!self.hasEnded, "told behind the end")
        self.isTold = true
    }
}
