internal import Dialing
internal import Processes
internal import SystemCalls

/// What other threads tell a worker.
enum WorkerOrder: Sendable {
    /// A connection that another worker accepted while it had much more to do. Rare, and indirect: else each order
    /// would be 261 bytes.
    indirect case takeOver(descriptor: Int32, peer: SocketAddress, entrance: Entrance)
    case childStarted(SpawnDelivery)
    case nameResolved(NameDelivery)
    /// Serve by this from now on.
    case adopt(Generation)
    /// For connections that come from now on.
    /// Say what has been counted.
    case count
    /// Close the listeners, see to those who came before, and say so.
    case stopAccepting(Departure)
    /// Say so when the last session has ended by itself.
    case leave
    /// End every session with 1001.
    case drain
    case stop
}

/// Why a server goes away.
enum Departure: Sendable {
    /// It is to stop: sessions hear 1001.
    case stopping
    /// A successor serves at the same sockets: sessions go on.
    case leaving
}
