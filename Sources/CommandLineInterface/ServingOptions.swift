internal import ArgumentParser
internal import Configuration

/// Where and how the server serves.
struct ServingOptions: ParsableArguments {
    @Option(.config) var config: [String] = []
    @Option(.listen) var listen: [String] = []
    @Option(.port) var port: [String] = []
    @Option(.workers) var workers: [String] = []
    @Option(.console) var console: [String] = []
    @Option(.drainTimeout) var drainTimeout: [String] = []
    @Option(.removedRouteTimeout) var removedRouteTimeout: [String] = []
    @Option(.metricsListen) var metricsListen: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.config, self.config),
            .given(.listen, self.listen),
            .given(.port, self.port),
            .given(.workers, self.workers),
            .given(.console, self.console),
            .given(.drainTimeout, self.drainTimeout),
            .given(.removedRouteTimeout, self.removedRouteTimeout),
            .given(.metricsListen, self.metricsListen),
        ]
        return given.flatMap(\.self)
    }
}
