internal import IOCore
internal import SystemCalls

/// A pidfd in the epoll set: readable once the process has ended (pidfd_open(2)).
final class PidfdWatch: ReadinessHandler {
    /// nil once it was told.
    private var client: (any ExitClient)?
    private let reactor: Reactor
    private let pidfd: Descriptor

    init(_ pidfd: consuming Descriptor, _ client: any ExitClient, reactor: Reactor) throws(Errno) {
        self.pidfd = pidfd
        self.reactor = reactor
        self.client = client
        _ = try reactor.register(self, descriptor: self.pidfd.rawValue, .input)
    }

    func ready(_ readiness: Readiness) {
        let client = self.client
        self.close()
        client?.processEnded(self.pidfd)
    }

    func close() {
        guard self.client != nil else { return }
        // The pidfd is closed with us.
        self.reactor.delist(self.reactor.registration(of: self.pidfd.rawValue))
        self.client = nil
    }
}
