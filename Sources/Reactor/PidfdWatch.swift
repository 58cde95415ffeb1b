internal import IOCore
internal import SystemCalls

/// A pidfd in the epoll set: readable once the process has ended (pidfd_open(2)).
final class PidfdWatch: ReadinessHandler, ExitWatch {
    private let pidfd: Descriptor
    private let reactor: Reactor
    private var client: (any ExitClient)?
    private var registration: RegistrationID?

    init(_ pidfd: consuming Descriptor, _ client: any ExitClient, reactor: Reactor) throws(Errno) {
        self.pidfd = pidfd
        self.reactor = reactor
        self.client = client
        self.registration = try reactor.register(self, descriptor: self.pidfd.rawValue, .input)
    }

    func ready(_ readiness: Readiness) {
        let client = self.client
        self.close()
        client?.processEnded(self.pidfd)
    }

    func close() {
        // The pidfd is closed with us.
        if let registration = self.registration { self.reactor.delist(registration) }
        self.registration = nil
        self.client = nil
    }
}
