package import IOCore
internal import SystemCalls

extension StreamFailure {
    /// For the log.
    package var reason: String {
        switch self {
        case .system(let code): Errno(rawValue: code).description
        case .outOfBuffers: "the worker is out of buffers"
        case .cut: "it ended without the goodbye that TLS demands"
        case .violated(let reason): reason
        }
    }
}
