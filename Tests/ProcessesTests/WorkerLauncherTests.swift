import IOCore
import Processes
import SimulatedIO
import SystemCalls
import Testing

/// A worker's queue in front of the spawner.
@Suite struct WorkerLauncherTests {
    @Test func aRecipeIsMadeWhenItsTurnHasCome() throws {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        defer { spawner.stop() }
        let letterbox = Letterbox()
        let launcher = WorkerLauncher(
            .init(spawner: spawner, post: { letterbox.put($0) }, bury: { _, _ in }), loop: SimulatedLoop())
        let clients = (0..<40).map { _ in Client() }
        let tickets = clients.map { launcher.launch($0) }
        #expect(clients.map(\.recipesMade) == [Int](repeating: 1, count: 16) + [Int](repeating: 0, count: 24))
        let (cancelled, others) = (clients[39], clients[..<39])
        tickets[39].cancel()
        while others.contains(where: { $0.answers == 0 }), let delivery = letterbox.next() {
            launcher.deliver(delivery)
        }
        #expect(others.allSatisfy { $0.recipesMade == 1 && $0.answers == 1 })
        #expect(cancelled.recipesMade == 0 && cancelled.answers == 0)
    }

    @Test func whoComesWhenTooManyWaitIsRefusedLater() throws {
        var limits = Spawner.Limits()
        limits.requestsMax = 2
        let spawner = try Spawner(guardian: nil, live: LiveChildren(), limits: limits)
        let loop = SimulatedLoop()
        let letterbox = Letterbox()
        let launcher = WorkerLauncher(
            .init(spawner: spawner, post: { letterbox.put($0) }, bury: { _, _ in }), loop: loop)
        // The spawner does not run: it refuses each at once, and 16 deliveries are not taken yet.
        let clients = (0..<19).map { _ in Client() }
        for client in clients { _ = launcher.launch(client) }
        #expect(clients.allSatisfy { $0.answers == 0 }, "nobody is told from inside a call of its own")
        loop.turn()
        #expect(clients.map(\.answers) == [Int](repeating: 0, count: 18) + [1])
        while let delivery = letterbox.nextAtOnce() { launcher.deliver(delivery) }
        #expect(clients.allSatisfy { $0.answers == 1 })
    }
}

private final class Client: LaunchClient {
    var recipesMade = 0
    var answers = 0

    func makeRecipe() -> ChildRecipe {
        self.recipesMade += 1
        return ChildRecipe(
            id: (high: 0, low: 0), program: "/does/not/exist", arguments: CStringArray(["exist"]),
            environment: CStringArray(), channel: .pipes(errors: .pipe), settings: ChildSettings())
    }

    func launched(_ child: any ChildProcess) { self.answers += 1 }
    func launchFailed(_ reason: String) { self.answers += 1 }
}

/// From the spawner's thread to the test's.
private final class Letterbox: Sendable {
    private let deliveries = Lock<[SpawnDelivery]>([])
    private let arrivals = Semaphore()

    func put(_ delivery: SpawnDelivery) {
        self.deliveries.withLock { $0.append(delivery) }
        self.arrivals.post()
    }

    /// nil after ten seconds without any.
    func next() -> SpawnDelivery? {
        self.arrivals.wait(milliseconds: 10_000) ? self.nextAtOnce() : nil
    }

    func nextAtOnce() -> SpawnDelivery? {
        self.deliveries.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
