internal import Configuration
internal import SystemCalls

/// Why the server cannot start: one line that names the thing and the way out.
enum ServerFailure: Error, Equatable {
    case cannotListen(ListenerPlan, Errno)
    /// The listener of `--metrics-listen`.
    case cannotListenForMetrics(ListenerPlan, Errno)
    case unknownUser(String)
    case unknownGroup(String)
    /// TLS cannot be spoken as asked for; each text says why.
    case tls([String])
    /// What is wrong with a token map.
    case tokenMap([String])
    case system(String, Errno)
}

extension ServerFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .cannotListen(let listener, .addressInUse):
            "cannot listen on \(listener.address): another program does already; "
                + "stop it or choose another \(listener.address.choice)"
        case .cannotListen(let listener, .fileExists):
            "cannot listen on \(listener.address): something that is no socket lies there; choose another path"
        case .cannotListen(let listener, .notPermitted):
            "cannot listen on \(listener.address): \(listener.address.whatItTakes); "
                + "choose another \(listener.address.choice)"
        case .cannotListen(let listener, .addressNotAvailable):
            "cannot listen on \(listener.address): this machine does not have that address; ip addr shows those it has"
        case .cannotListen(let listener, let error):
            "cannot listen on \(listener.address): \(error)\(Self.wayOut(error))"
        case .cannotListenForMetrics(let listener, let error):
            "cannot listen on \(listener.address): \(error); choose another address with --metrics-listen"
        case .unknownUser(let name): "there is no user '\(name)' (--user)"
        case .unknownGroup(let name): "there is no group '\(name)' (--group)"
        case .tls(let reasons): reasons.joined(separator: "\nwsbridge: ")
        case .tokenMap(let reasons): reasons.joined(separator: "\nwsbridge: ")
        case .system(let what, let error): "\(what): \(error)\(Self.wayOut(error))"
        }
    }

    private static func wayOut(_ error: Errno) -> String {
        switch error {
        case .processFilesMax: " (limits: ulimit -n, LimitNOFILE)"
        case .systemFilesMax: " (limit: sysctl fs.file-max)"
        case .wouldBlock, .noMemory: " (limits: ulimit -u, ulimit -v, TasksMax, memory)"
        case _: ""
        }
    }

    /// Nil: no setting is to blame.
    var diagnostic: Diagnostic? {
        let (listener, error): (ListenerPlan, Errno)
        switch self {
        case .cannotListen(let plan, let reason), .cannotListenForMetrics(let plan, let reason):
            (listener, error) = (plan, reason)
        case .unknownUser, .unknownGroup, .tls, .tokenMap, .system: return nil
        }
        guard let setting = listener.provenance.setting else { return nil }
        let (problem, remedy) =
            switch error {
            case .addressInUse: ("another program listens there already", "stop it or choose another address")
            case .fileExists: ("something that is no socket lies there", "choose another path")
            case .notPermitted: (listener.address.whatItTakes, "grant it or choose another address")
            case .addressNotAvailable:
                ("this machine does not have that address", "write one that ip addr shows, or 0.0.0.0")
            case .processFilesMax: ("cannot listen there: \(error)", "raise the limit (ulimit -n, LimitNOFILE)")
            case _: ("cannot listen there: \(error)", "choose another address")
            }
        return Diagnostic(
            severity: .error, subject: setting.name, value: setting.value, source: setting.source, problem: problem,
            remedy: remedy)
    }

    /// Everything but the system's own trouble is for the operator to mend in what was asked for.
    var exitCode: Int32 {
        switch self {
        case .unknownUser, .unknownGroup, .tls, .tokenMap: 2
        case .cannotListen, .cannotListenForMetrics, .system: 1
        }
    }
}

extension ListenAddress {
    /// What is chosen where this address cannot be had.
    fileprivate var choice: String {
        switch self {
        case .tcp: "--port"
        case .unix: "path"
        }
    }

    /// Why the kernel does not permit it.
    fileprivate var whatItTakes: String {
        switch self {
        case .tcp: "ports below 1024 need CAP_NET_BIND_SERVICE"
        case .unix: "this user may not make a file in that directory"
        }
    }
}
