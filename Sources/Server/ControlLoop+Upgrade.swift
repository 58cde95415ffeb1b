internal import Configuration
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

// SIGUSR2: the program as it is on the disk now takes over the listening sockets; we go on with our sessions.
//
//     start it with the sockets ─▶ it serves ─▶ we accept nothing more; sessions go on, drain_timeout at most
//           └── it ends before that: everything goes on as it was
extension ControlLoop {
    func startUpgrade() {
        guard case .idle = self.reload.phase, self.handover == nil else {
            return self.shared.log.write(.warning, "not upgraded: a reload or an upgrade is under way")
        }
        do throws(Errno) {
            let channel = try Socket.pair()
            let call = try self.successorCall(channel.other.rawValue)
            guard let successor = self.start(call) else { return }
            self.shared.log.write(
                .info, "upgrading",
                [LogField("program", .string(call.program)), LogField("pid", .integer(Int64(successor.pid.rawValue)))])
            self.handover = try Handover(successor, channel.one, reactor: self.reactor) { self.hear($0) }
        } catch {
            self.refuseUpgrade(error.description)
        }
    }

    /// Nil once it was told what is wrong with the program on the disk.
    private func start(_ call: Successor.Call) -> Successor? {
        do throws(Errno) {
            return try Successor(call)
        } catch {
            self.refuseUpgrade(
                error == .invalidArgument
                    ? "the server is the first process of its container; start another one"
                    : "\(call.program): \(error)")
            return nil
        }
    }

    private func successorCall(_ channel: CInt) throws(Errno) -> Successor.Call {
        let generation = self.reload.generation
        let handed = self.reload.handed.successors(generation.entrances + [generation.metrics].compactMap(\.self))
        let arguments = try OwnStart.arguments()
        let set = [
            "LISTEN_FDS=\(handed.count)", "LISTEN_FDNAMES=\(handed.map(\.name).joined(separator: ":"))",
            "\(Predecessor.variable)=\(Int(Successor.firstDescriptor) + handed.count)",
        ].map { Array($0.utf8) }
        let replaced = ["LISTEN_FDS=", "LISTEN_FDNAMES=", "\(Predecessor.variable)="].map { Array($0.utf8) }
        let environment = try OwnStart.environment().filter { entry in !replaced.contains { entry.starts(with: $0) } }
        let isWatched = ProcessEnvironment.value(of: "WATCHDOG_PID") != nil
        return Successor.Call(
            program: OwnStart.program(arguments), arguments: arguments, environment: environment + set,
            namesOfPID: ["LISTEN_PID"] + (isWatched ? ["WATCHDOG_PID"] : []),
            descriptors: handed.map(\.descriptor) + [channel], openFiles: self.reload.openFiles)
    }

    private func hear(_ event: Handover.Event) {
        guard let handover = self.handover else { return }
        switch (event, self.phase) {
        case (.serves, .serving):
            let fields = [LogField("pid", .integer(Int64(handover.pid.rawValue)))]
            self.shared.log.write(.info, "upgraded; sessions here go on until drain_timeout", fields)
            self.service.handOver(to: handover.pid)
            handover.acknowledge()
            self.metrics?.close()
            self.metrics = nil
            self.depart(.leaving)
        case (.serves, _): handover.callOff()
        case (.ended(let reason), .serving):
            self.handover = nil
            self.refuseUpgrade(reason)
        case (.ended, .closing), (.ended, .leaving):
            // It stops, and with it the service; or it died, and whoever watches over it starts anew.
            self.drainAll()
        case (.ended, .draining), (.ended, .over): break
        }
    }

    private func refuseUpgrade(_ reason: String) {
        self.service.notUpgraded(reason)
        self.shared.log.write(
            .error, "not upgraded; the server goes on as before", [LogField("reason", .string(reason))])
    }
}
