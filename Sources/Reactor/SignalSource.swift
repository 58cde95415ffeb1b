package import SystemCalls

/// Signals as events of a reactor.
package final class SignalSource: ReadinessHandler {
    private let signals: SignalDescriptor
    private let handle: (Signal) -> Void

    package init(
        _ signals: consuming SignalDescriptor, reactor: Reactor, _ handle: @escaping (Signal) -> Void
    ) throws(Errno) {
        self.signals = signals
        self.handle = handle
        _ = try reactor.register(self, descriptor: self.signals.descriptor.rawValue, .input)
    }

    package func ready(_ readiness: Readiness) {
        while let signal = self.signals.next() { self.handle(signal) }
    }
}
