package import IOCore

/// Starts simulated children, in a later turn, or fails to.
package final class SimulatedLauncher: ProcessLauncher, SimulatedParticipant {
    package enum Plan: Sendable {
        case start(SimulatedProgram)
        case fail(String)
    }

    package var plan: Plan
    /// How long a launch takes.
    package var delay: UInt64 = 0
    package private(set) var recipes: [ChildRecipe] = []
    package private(set) var children: [SimulatedChild] = []
    private let loop: SimulatedLoop
    private var tickets: [SimulatedTicket] = []

    package init(_ loop: SimulatedLoop, _ plan: Plan) {
        self.loop = loop
        self.plan = plan
        loop.add(self)
    }

    package func launch(_ client: any LaunchClient) -> any LaunchTicket {
        self.recipes.append(client.makeRecipe())
        let ticket = SimulatedTicket(client, due: self.loop.now + self.delay)
        self.tickets.append(ticket)
        return ticket
    }

    package var deadline: UInt64? { self.tickets.map(\.due).min() }

    package func turn() -> Bool {
        guard let index = self.tickets.firstIndex(where: { $0.due <= self.loop.now }) else { return false }
        self.tickets.remove(at: index).client.map { self.answer($0) }
        return true
    }

    private func answer(_ client: any LaunchClient) {
        switch self.plan {
        case .start(let program):
            let child = SimulatedChild(program, self.loop, pid: Int32(4711 + self.children.count))
            self.children.append(child)
            client.launched(child)
        case .fail(let reason):
            client.launchFailed(reason)
        }
    }
}

/// One launch under way.
final class SimulatedTicket: LaunchTicket {
    /// nil: called off.
    private(set) var client: (any LaunchClient)?
    let due: UInt64

    init(_ client: any LaunchClient, due: UInt64) {
        self.client = client
        self.due = due
    }

    func cancel() { self.client = nil }
}
