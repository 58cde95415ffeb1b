internal import IOCore
internal import SystemCalls
internal import Upstreams

/// Hears which of a server's addresses answered, once.
protocol AddressDialClient: AnyObject {
    /// The stream gets its delegate in this call.
    func dialWon(_ stream: any ByteStream)
    /// What each address said, the last one last.
    func dialLost(_ errors: [(address: SocketAddress, error: Errno)])
}

/// Runs an `AddressRace` over sockets: the first to stand wins, the others are closed. Its owner has the deadline.
final class AddressDial {
    private let addresses: [SocketAddress]
    private let options: SocketOptions
    private let loop: any EventLoop
    /// Weak, as are all ways back to whom a timer keeps alive: a loop that ends with dials under way lets go of them.
    private weak var client: (any AddressDialClient)?
    private var race: AddressRace
    /// By the place of the address.
    private var openings: [(index: Int, opening: any SocketOpening)] = []
    private var errors: [(address: SocketAddress, error: Errno)] = []
    private var timer: TimerID?

    init(
        _ addresses: [SocketAddress], _ options: SocketOptions, loop: any EventLoop, _ client: any AddressDialClient
    ) {
        self.addresses = addresses
        self.options = options
        self.loop = loop
        self.client = client
        self.race = AddressRace(addresses.map(\.raceFamily))
    }

    /// Tells nobody from inside: there is one address at least, and sockets answer later.
    func start() { self.advance() }

    func cancel() {
        self.client = nil
        self.stopTimer()
        for (_, opening) in self.openings { opening.cancel() }
        self.openings = []
    }

    private func advance() {
        self.stopTimer()
        while true {
            switch self.race.next(now: self.loop.now) {
            case .start(let index):
                let opening = self.loop.connect(to: self.addresses[index], self.options, Try(index, of: self))
                self.openings.append((index, opening))
            case .wait(let until):
                self.timer = self.loop.startTimer(Pause(self), at: until)
                return
            case .waitForAnswers:
                return
            case .lost:
                let client = self.client
                self.cancel()
                client?.dialLost(self.errors)
                return
            }
        }
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }

    private func opened(_ index: Int, _ stream: any ByteStream) {
        guard let client = self.client else { return stream.close() }
        self.openings.removeAll { $0.index == index }
        self.cancel()
        client.dialWon(stream)
    }

    private func failed(_ index: Int, _ error: Errno) {
        guard self.client != nil else { return }
        self.openings.removeAll { $0.index == index }
        self.errors.append((self.addresses[index], error))
        self.race.failed()
        self.advance()
    }

    /// One address.
    private final class Try: SocketOpeningClient {
        private let index: Int
        private weak var dial: AddressDial?

        init(_ index: Int, of dial: AddressDial) {
            self.index = index
            self.dial = dial
        }

        func socketOpened(_ stream: any ByteStream) {
            guard let dial = self.dial else { return stream.close() }
            dial.opened(self.index, stream)
        }

        func socketFailed(_ error: Errno) { self.dial?.failed(self.index, error) }
    }

    /// The delay before the next address.
    private final class Pause: TimerClient {
        private weak var dial: AddressDial?

        init(_ dial: AddressDial) { self.dial = dial }

        func timerFired() {
            guard let dial = self.dial else { return }
            dial.timer = nil
            dial.advance()
        }
    }
}

extension SocketAddress {
    fileprivate var raceFamily: AddressRace.Family {
        switch self {
        case .ipv6: .ipv6
        case .ipv4, .unix: .other
        }
    }
}
