internal import SystemCalls

/// Why there is nothing to show: one line that names the address and the way out.
package enum StatusFailure: Error, Equatable {
    /// Nobody listens there.
    case nobodyAnswers(String)
    case tooSlow(String)
    /// The kernel's words.
    case system(String, String)
    /// An HTTP answer that is none of the metrics.
    case refused(String, status: Int)
    /// Somebody answers, but no wsbridge.
    case notOurs(String)
}

extension StatusFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nobodyAnswers(let address):
            """
            nobody answers at \(address): start the server with --metrics-listen \(address), or say where it \
            listens for metrics: wsbridge status ADDR:PORT
            """
        case .tooSlow(let address):
            "\(address) does not answer in time: look at the server's log, or whether this is its --metrics-listen"
        case .system(let address, let reason): "cannot ask \(address): \(reason)"
        case .refused(let address, 421):
            "\(address) does not answer to that host name: write 127.0.0.1, or give the server --host"
        case .refused(let address, let status):
            "\(address) answers with status \(status): give the address of --metrics-listen"
        case .notOurs(let address):
            "what answers at \(address) tells no metrics of wsbridge: give the address of --metrics-listen"
        }
    }

    init(_ error: Errno, asking address: String) {
        switch error {
        case .connectionRefused, .noSuchFile: self = .nobodyAnswers(address)
        case .timedOut: self = .tooSlow(address)
        case _: self = .system(address, error.description)
        }
    }
}
