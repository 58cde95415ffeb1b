internal import StdioFraming
package import Upstreams

/// The servers behind a route, and how sessions are connected to them.
package struct UpstreamPlan: Sendable, Equatable {
    package enum Servers: Sendable, Equatable {
        /// All of them do the same; never empty.
        case listed([UpstreamAddress])
        /// A file or a folder of them, in which clients' tokens are looked up.
        case map(path: String)
    }

    package var servers: Servers
    package var records: RecordPlan
    /// 5 s: two lost packets are repeated by then, and a person waits no longer for a page.
    package var connectTimeout = TimeSpan.seconds(5)
    package var balance = Balance.roundRobin
    /// None: servers that bound their sessions refuse the next one themselves.
    package var connectionsMax = Limit<Int>.unlimited
    package var ejection = EjectionPlan()
    /// None: sessions themselves find out, and a server's log stays quiet.
    package var checkInterval = Limit<TimeSpan>.unlimited
    package var checkTimeout = TimeSpan.seconds(3)
    /// Three in a row are no accident.
    package var checkFall = 3
    /// Two: one may be the last breath.
    package var checkRise = 2
    /// Nil: a connection is enough.
    package var httpCheck: HTTPCheckPlan?
    /// 60 s: below the idle timeout of every known firewall.
    package var keepalive = Limit<TimeSpan>.at(.seconds(60))
    package var proxyHeader = ProxyHeaderVersion.off
    package var tls: UpstreamTLSPlan?

    package init(_ servers: Servers, records: RecordPlan = Self.recordsStandard) {
        self.servers = servers
        self.records = records
    }

    /// What only the defaults are read of.
    static let standard = UpstreamPlan(.listed([]))
    /// Bytes as they come: most protocols over TCP have boundaries of their own.
    package static let recordsStandard: RecordPlan = {
        var plan = RecordPlan.standard
        plan.framing = .raw
        return plan
    }()
    /// What noVNC and other clients of websockify ask for.
    static let subprotocolsStandard = ["binary"]
}

/// When one of several servers is left out because connections to it fail.
package struct EjectionPlan: Sendable, Equatable {
    /// 3 in a row: one may be the moment of a restart.
    package var failuresMax = 3
    /// 10 s: a service that is restarted is back by then.
    package var spanFirst = TimeSpan.seconds(10)
    /// 5 min: as long as a server that was repaired has to wait at most.
    package var spanMax = TimeSpan.minutes(5)
}

/// How TLS is spoken to a server. Its certificate is always verified.
package struct UpstreamTLSPlan: Sendable, Equatable {
    /// A file of authorities; nil: the system's.
    package var authorities: String?
    /// Nil: the host that is connected to.
    package var name: String?
    package var certificate: CertificateFiles?
}

/// Whether a server is told who the client is, and in which form.
package enum ProxyHeaderVersion: String, Choice { case off, v1, v2 }

extension Balance: Choice {}
