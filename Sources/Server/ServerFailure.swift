internal import SystemCalls

/// Why the server cannot start: one line that names the thing and the way out.
enum ServerFailure: Error, Equatable {
    case cannotListen(String, Errno)
    /// The listener of `--metrics-listen`.
    case cannotListenForMetrics(String, Errno)
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
        case .cannotListen(let address, .addressInUse):
            "cannot listen on \(address): another program does already; stop it or choose another --port"
        case .cannotListen(let address, .notPermitted):
            "cannot listen on \(address): ports below 1024 need CAP_NET_BIND_SERVICE; choose another --port"
        case .cannotListen(let address, let error): "cannot listen on \(address): \(error)"
        case .cannotListenForMetrics(let address, let error):
            "cannot listen on \(address): \(error); choose another address with --metrics-listen"
        case .unknownUser(let name): "there is no user '\(name)' (--user)"
        case .unknownGroup(let name): "there is no group '\(name)' (--group)"
        case .tls(let reasons): reasons.joined(separator: "\nwsbridge: ")
        case .tokenMap(let reasons): reasons.joined(separator: "\nwsbridge: ")
        case .system(let what, let error): "\(what): \(error)"
        }
    }

    /// Everything but the system's own trouble is for the operator to mend in what was asked for.
    var exitCode: Int32 {
        switch self {
        case .unknownUser, .unknownGroup, .tls, .tokenMap: 2
        case .cannotListen, .cannotListenForMetrics, .system: 1
        }
    }
}
