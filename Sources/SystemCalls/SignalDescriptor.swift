internal import CLinux
internal import Glibc

/// A signalfd(2): signals as input that an epoll set can wait for.
package struct SignalDescriptor: ~Copyable {
    package let descriptor: Descriptor

    /// Blocks `signals` in this thread and those it starts later; they come through here instead.
    package init(_ signals: [Signal]) throws(Errno) {
        let numbers = signals.map(\.rawValue)
        let raw = unsafe numbers.withUnsafeBufferPointer { unsafe clinux_signalfd($0.baseAddress, CInt($0.count)) }
        guard raw >= 0 else { throw .current }
        self.descriptor = Descriptor(owning: raw)
    }

    /// The next signal that came; nil when none waits.
    package borrowing func next() -> Signal? {
        let number = clinux_next_signal(self.descriptor.rawValue)
        return number > 0 ? Signal(rawValue: number) : nil
    }

    /// A write to a peer that is gone is an error here, and no signal.
    package static func ignoreBrokenPipes() { clinux_ignore(SIGPIPE) }
}
