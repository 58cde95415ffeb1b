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
            "cannot listen on \(listener.address): another program does already; stop it or choose another --port"
        case .cannotListen(let listener, .notPermitted):
            "cannot listen on \(listener.address): ports below 1024 need CAP_NET_BIND_SERVICE; choose another --port"
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
            case .notPermitted: ("ports below 1024 need CAP_NET_BIND_SERVICE", "grant it or choose another port")
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
