package import IOCore
package import SystemCalls

/// A listening socket of one worker.
package final class Listener: ReadinessHandler {
    /// Connections accepted in one turn, at most: the rest waits in the kernel while sessions get theirs.
    private static let acceptsPerTurnMax = 16
    /// How many are tried in the next turn: one, and twice as many after each turn that found them all. To ask once
    /// more than connections come costs as much as to hear from epoll that there are more.
    private var acceptsPerTurn = 1
    /// Nanoseconds without accepting after the process or the system ran out of descriptors or memory: the
    /// connection stays in the queue and the listener stays ready, so without a pause the loop would spin.
    static let exhaustionPause: UInt64 = 100_000_000

    package typealias Accept = (_ descriptor: CInt, _ peer: SocketAddress) -> Void
    package typealias Exhausted = (Errno) -> Void

    private let descriptor: Descriptor
    private let reactor: Reactor
    private let accept: Accept
    private let exhausted: Exhausted
    private var registration: RegistrationID?

    /// `accept` takes over each descriptor; `exhausted` hears when accepting had to pause.
    package init(
        _ descriptor: consuming Descriptor, reactor: Reactor, accept: @escaping Accept, exhausted: @escaping Exhausted
    ) throws(Errno) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.accept = accept
        self.exhausted = exhausted
        super.init()
        self.registration = try reactor.register(self, descriptor: self.descriptor.rawValue, .input)
    }

    package override func ready(_ readiness: Readiness, on descriptor: CInt) {
        for _ in 0..<self.acceptsPerTurn {
            guard self.registration != nil else { return }
            do {
                guard let connection = try Socket.accept(self.descriptor) else {
                    self.acceptsPerTurn = 1
                    return
                }
                self.accept(connection.descriptor, connection.peer)
            } catch {
                self.backOff(error)
                return
            }
        }
        self.acceptsPerTurn = min(2 * self.acceptsPerTurn, Self.acceptsPerTurnMax)
    }

    private func backOff(_ error: Errno) {
        guard let registration = self.registration else { return }
        self.reactor.change(registration, to: .none)
        self.exhausted(error)
        _ = self.reactor.startTimer(Resumption(self), at: self.reactor.now &+ Self.exhaustionPause)
    }

    fileprivate func resume() {
        guard let registration = self.registration else { return }
        self.reactor.change(registration, to: .input)
    }

    /// Accepts what waits in the kernel's queue, which closing would reset, and then nothing more. `isLast`: nobody
    /// else has this socket, so that who comes between the last look at the queue and the end must not get in.
    package func finish(isLast: Bool) {
        if isLast { Socket.dropNewcomers(self.descriptor) }
        while self.registration != nil, let connection = try? Socket.accept(self.descriptor) {
            self.accept(connection.descriptor, connection.peer)
        }
        self.close()
    }

    /// Accepts nothing more.
    package override func close() {
        if let registration = self.registration { self.reactor.deregister(registration) }
        self.registration = nil
    }
}

/// The end of a pause.
private final class Resumption: TimerClient {
    private let listener: Listener

    init(_ listener: Listener) { self.listener = listener }

    func timerFired() { self.listener.resume() }
}
