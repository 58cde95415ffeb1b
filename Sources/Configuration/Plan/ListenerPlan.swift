/// A listener: where it waits and what holds for whoever comes in there.
package struct ListenerPlan: Sendable, Equatable {
    package var address: ListenAddress
    /// Of the socket of the service manager that it takes, where there is one (FileDescriptorName=).
    package var name: String? = nil
    package var console: ConsoleMode
    /// Of a unix socket's file; nil: as the server's umask has it.
    package var mode: UInt16?
    /// Of a unix socket's file; nil: as it is made.
    package var owner: AccountName?
    package var group: AccountName?
    package var transport: TransportPlan
    /// Nil: it serves the routes.
    package var redirect: HTTPSRedirect?
    package var provenance: Provenance

    package init(
        _ address: ListenAddress, console: ConsoleMode = .auto, mode: UInt16? = nil, owner: AccountName? = nil,
        group: AccountName? = nil, transport: TransportPlan = TransportPlan(), redirect: HTTPSRedirect? = nil,
        provenance: Provenance = Provenance(nil)
    ) {
        self.address = address
        self.console = console
        self.mode = mode
        self.owner = owner
        self.group = group
        self.transport = transport
        self.redirect = redirect
        self.provenance = provenance
    }

    package static let standard = ListenerPlan(.standard)
}

extension ListenerPlan: CustomStringConvertible {
    package var description: String {
        var parts = ["\(self.address)", "console \(self.console)"]
        if let redirect = self.redirect { parts = ["\(self.address)", "redirects to \(redirect)"] }
        if let name = self.name { parts.append("name \(name)") }
        if let mode = self.mode { parts.append("mode \(String(mode, radix: 8))") }
        if let owner = self.owner { parts.append("owner \(owner)") }
        if let group = self.group { parts.append("group \(group)") }
        return parts.joined(separator: ", ")
    }
}
