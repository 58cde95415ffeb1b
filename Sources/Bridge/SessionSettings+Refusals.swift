package import HTTPConnection
package import HTTPSemantics
internal import SystemCalls
internal import Telemetry

extension SessionSettings {
    /// Tells the log of a handshake that was in order and is refused, where nothing else says so. A route that is full
    /// is the operator's business, anything else the client's.
    package func tellRefusal(of exchange: Exchange, _ status: Status, _ reason: String) {
        self.log.write(
            status == .serviceUnavailable ? .warning : .info, "handshake refused",
            [
                LogField("route", .string(self.routeName)), LogField("status", .integer(Int64(status.code))),
                LogField("reason", .string(reason)),
                LogField("client", .string(exchange.client.address.description)),
            ])
    }
}
