internal import SystemCalls
package import Upstreams

/// The token map in use, for all workers; a new one takes its place whole.
package final class TokenStore: Sendable {
    private let map: Lock<TokenMap>

    package init(_ map: TokenMap) { self.map = Lock(map) }

    package var count: Int { self.map.withLock(\.count) }

    package func server(for token: String) -> UpstreamAddress? { self.map.withLock { $0[token] } }

    package func replace(with map: TokenMap) { self.map.withLock { $0 = map } }
}
