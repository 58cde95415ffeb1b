internal import Addresses
internal import Bridge
internal import Forwarding
internal import HTTP1
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import SystemCalls
internal import Telemetry

/// One request on its way to a server, and the answer on its way back.
///
///     connecting ──connection──▶ exchanging ──head of the answer──▶ relaying ──its end──▶ over
///         ▲                          │ ├──101, verified──▶ over: the connection is a tunnel's
///         └── a connection that had waited was closed, and the request may be sent again
final class ProxyExchange {
    enum Purpose: Equatable {
        case exchange
        case upgrade(acceptValue: FieldValue)
    }

    enum Stage {
        case idle
        case connecting(any ConnectAttempt)
        /// The request goes out, and the head of an answer is awaited.
        case exchanging
        case relaying(BodyReader)
        case over
    }

    /// What has moved when the timer was started: where nothing has since, somebody has stalled.
    struct Progress: Equatable {
        var bytes: UInt64 = 0
        var clientUndelivered = 0
        var serverUndelivered = 0
    }

    let exchange: Exchange
    let purpose: Purpose
    let identity: SessionIdentity
    let route: ProxyRoute
    var stage = Stage.idle
    /// Nil before there is one, and once it is given away.
    var connection: (any UpstreamConnection)?
    var parser = ResponseHeadParser()
    /// The beginning of a head that has not come whole.
    var held: [UInt8] = []
    var interimAnswers = 0
    /// Whether all of the request was given to the server's stream.
    var isRequestSent = false
    /// Whether the server goes on with the connection after this answer.
    var keepsConnection = false
    var requestFlow = Flow()
    var answerFlow = Flow()
    var timer: TimerID?
    var moved: UInt64 = 0
    var progress = Progress()
    /// When the connection was asked for.
    private var connectsSince: UInt64 = 0
    /// When the request was complete.
    var sentAt: UInt64 = 0

    init(_ exchange: Exchange, _ purpose: Purpose, identity: SessionIdentity, route: ProxyRoute) {
        self.exchange = exchange
        self.purpose = purpose
        self.identity = identity
        self.route = route
    }

    var loop: any EventLoop { self.route.settings.loop }
    var proxy: ProxySettings { self.route.proxy }

    /// Gets a connection: one that has waited, if `mayReuse`, else a new one.
    func connect(mayReuse: Bool) {
        let client = self.exchange.client
        self.connectsSince = self.loop.now
        var request = ConnectRequest(client: client.address, local: client.listener, tls: client.tls)
        request.mayReuse = mayReuse
        request.preferredServer = self.proxy.stickyCookie.flatMap {
            StickyCookie.server(in: self.exchange.head.fields, name: $0)
        }
        switch self.proxy.connector.connect(request, self) {
        case .reused(let connection): self.begin(connection)
        case .underWay(let attempt): self.stage = .connecting(attempt)
        }
    }
}

// MARK: - The connection

extension ProxyExchange: ConnectClient {
    func connected(_ connection: any UpstreamConnection) {
        guard case .connecting = self.stage else {
            connection.stream.close()
            return connection.release()
        }
        self.begin(connection)
    }

    /// Sends what there is of the request.
    private func begin(_ connection: any UpstreamConnection) {
        // One that had waited cost no connection.
        if !connection.isReused {
            let settings = self.route.settings
            settings.tally.upstream.connected &+= 1
            settings.tally.upstream.connectNanoseconds &+= self.loop.now &- self.connectsSince
        }
        self.connection = connection
        self.stage = .exchanging
        connection.stream.delegate = self
        connection.stream.write(self.requestHead.span)
        if self.exchange.isBodyRead { self.requestSent() } else { self.exchange.readBody() }
        self.watch()
    }

    private var requestHead: [UInt8] {
        let client = self.exchange.client
        let requester = Requester(address: IPAddress(client.address), isTLS: client.isTLS)
        let purpose: ForwardedRequest.Purpose =
            switch self.purpose {
            case .exchange: .exchange
            case .upgrade: .upgrade
            }
        return ForwardedRequest(
            self.exchange.head, as: purpose, from: requester, to: self.connection?.name ?? "", by: self.proxy.rules
        ).bytes
    }

    func requestSent() {
        self.isRequestSent = true
        self.sentAt = self.loop.now
    }

    func connectFailed(_ failure: ConnectFailure) {
        guard case .connecting = self.stage else { return }
        let settings = self.route.settings
        settings.tally.upstream.failures.count(failure.kind)
        settings.log.write(
            failure.level, "no connection to the upstream",
            self.logFields + [
                LogField("status", .integer(Int64(failure.status.code))), LogField("reason", .string(failure.reason)),
            ])
        self.refuse(failure.status, failure.answer, fields: failure.fields)
    }
}

extension IPAddress {
    /// Nil: a unix socket has none.
    fileprivate init?(_ address: SocketAddress) {
        switch address {
        case .ipv4(let number, _): self.init(number: number)
        case .ipv6(let high, let low, _): self.init(high: high, low: low)
        case .unix: return nil
        }
    }
}

// MARK: - The end

extension ProxyExchange {
    var logFields: [LogField] {
        var fields = [
            LogField("route", .string(self.route.settings.routeName)), LogField("id", .id(self.identity.id)),
            LogField("client", .string(self.identity.client.description)),
            LogField("method", .string(self.exchange.head.method)), LogField("path", .string(self.exchange.head.path)),
        ]
        if let connection = self.connection { fields.append(LogField("upstream", .string(connection.name))) }
        return fields
    }

    /// Nothing more is heard or told. `becameSession`: the connection and the place live on.
    func leave(becameSession: Bool = false) {
        if case .over = self.stage { return }
        let stage = self.stage
        self.stage = .over
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
        if case .connecting(let attempt) = stage { attempt.cancel() }
        self.closeConnection()
        self.route.exchangeEnded(self.purpose, self.identity, becameSession: becameSession)
    }

    func closeConnection() {
        guard let connection = self.connection else { return }
        self.connection = nil
        connection.stream.close()
        connection.release()
    }

    /// Leaves the connection to the next request.
    func parkConnection() {
        guard let connection = self.connection, !self.route.isDraining, connection.park() else { return }
        self.connection = nil
    }

    /// The client gets this in place of an answer, or sees that its answer is cut off.
    func refuse(_ status: Status, _ reason: String, fields: HeaderFields = [:]) {
        self.leave()
        guard !self.exchange.hasBegun else { return self.exchange.abort() }
        switch self.purpose {
        case .exchange: self.exchange.refuse(status, reason, fields: fields)
        case .upgrade: self.route.refuse(self.exchange, status, reason, fields: fields)
        }
    }

    /// The server did what no answer of it may do.
    func giveUp(_ reason: String) {
        self.route.settings.log.write(
            .error, "bad answer of the upstream", self.logFields + [LogField("reason", .string(reason))])
        self.refuse(.badGateway, "the server behind this address gave no proper answer")
    }
}
