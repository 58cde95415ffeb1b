package import IOCore
package import SystemCalls

/// Signals as events of a reactor.
package final class SignalSource: ReadinessHandler {
    private let signals: SignalDescriptor
    private let reactor: Reactor
    private let handle: (Signal) -> Void
    private var registration: RegistrationID?

    package init(
        _ signals: consuming SignalDescriptor, reactor: Reactor, _ handle: @escaping (Signal) -> Void
    ) throws(Errno) {
        self.signals = signals
        self.reactor = reactor
        self.handle = handle
        super.init()
        self.registration = try reactor.register(self, descriptor: self.signals.descriptor.rawValue, .input)
    }

    package override func ready(_ readiness: Readiness, on descriptor: CInt) {
        while let signal = self.signals.next() { self.handle(signal) }
    }

    /// Hears nothing any more; the signals stay blocked.
    package override func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }
}
