/// Every metric there is, in the order of the page. docs/metrics.md has the same list, and a test compares.
///
/// Labels come from the configuration and from fixed lists, never from a client: a route's name, a worker's number, a
/// status that this server answers, a close code of the registry. So the number of series is known beforehand.
package enum MetricCatalogue {
    static let buildInfo = MetricDefinition(
        "wsbridge_build_info", .gauge, by: ["version"], "Always 1; the version is in the label.")
    static let ready = MetricDefinition(
        "wsbridge_ready", .gauge, "1 while new sessions are accepted, 0 from the beginning of a drain.")

    static let sessionsOpen = MetricDefinition(
        "wsbridge_sessions_open", .gauge, by: ["route"], "Sessions that are open.")
    static let sessionsLimit = MetricDefinition(
        "wsbridge_sessions_limit", .gauge, by: ["route"], "Sessions that may be open; absent when unlimited.")
    static let sessionsStarted = MetricDefinition(
        "wsbridge_sessions_started_total", .counter, by: ["route"], "Sessions that were opened.")
    static let sessionsEnded = MetricDefinition(
        "wsbridge_sessions_ended_total", .counter, by: ["route", "code"],
        "Sessions that ended, by close code; 3xxx and 4xxx stand for all of theirs.")
    static let handshakesRefused = MetricDefinition(
        "wsbridge_handshakes_refused_total", .counter, by: ["route", "status"],
        "Proper handshakes that the route refused, by HTTP status: origin, limits, no program or server.")
    static let requestsAnswered = MetricDefinition(
        "wsbridge_requests_answered_total", .counter, by: ["route", "status"],
        "Answers to plain requests, of files and of servers, by HTTP status: 2xx to 5xx.")
    static let requestsRefused = MetricDefinition(
        "wsbridge_requests_refused_total", .counter, by: ["status"],
        "Requests refused before they came to a route, by HTTP status: malformed, too slow, another host.")

    static let messagesReceived = MetricDefinition(
        "wsbridge_messages_received_total", .counter, by: ["route"], "Messages from clients.")
    static let messagesSent = MetricDefinition(
        "wsbridge_messages_sent_total", .counter, by: ["route"], "Messages to clients.")
    static let payloadReceived = MetricDefinition(
        "wsbridge_payload_received_bytes_total", .counter, by: ["route"], "Payload of messages from clients.")
    static let payloadSent = MetricDefinition(
        "wsbridge_payload_sent_bytes_total", .counter, by: ["route"], "Payload of messages to clients.")
    static let pauses = MetricDefinition(
        "wsbridge_backpressure_pauses_total", .counter, by: ["route", "direction"],
        "How often a source was paused because its sink was slow: received for clients, sent for programs.")

    static let childrenRunning = MetricDefinition(
        "wsbridge_children_running", .gauge, by: ["route"], "Programs of sessions that are running.")
    static let childrenStarted = MetricDefinition(
        "wsbridge_children_started_total", .counter, by: ["route"], "Programs that were started for a session.")
    static let childStartFailures = MetricDefinition(
        "wsbridge_children_start_failures_total", .counter, by: ["route"], "Programs that could not be started.")
    static let childrenEnded = MetricDefinition(
        "wsbridge_children_ended_total", .counter, by: ["route", "outcome"],
        "Programs that ended: exit_zero, exit_nonzero, signal, or teardown when we had signalled them.")

    static let upstreamConnected = MetricDefinition(
        "wsbridge_upstream_connections_total", .counter, by: ["route"],
        "Connections to servers that were made for sessions and requests.")
    static let upstreamConnectTime = MetricDefinition(
        "wsbridge_upstream_connect_seconds_total", .counter, by: ["route"],
        "How long these took until they were ready, all together.")
    static let upstreamFailures = MetricDefinition(
        "wsbridge_upstream_connect_failures_total", .counter, by: ["route", "reason"],
        "Sessions and requests that got none: unreachable, timed_out, unavailable or unknown_token.")
}

extension MetricCatalogue {
    static let workerUp = MetricDefinition(
        "wsbridge_worker_up", .gauge, by: ["worker"],
        "1 if the worker answered in time; at 0 its other numbers are the last it gave.")
    static let workerCPU = MetricDefinition(
        "wsbridge_worker_cpu_seconds_total", .counter, by: ["worker"], "Processor time of the worker's thread.")
    static let connectionsOpen = MetricDefinition(
        "wsbridge_connections_open", .gauge, by: ["worker"], "Connections of clients, sessions included.")
    static let connectionsAccepted = MetricDefinition(
        "wsbridge_connections_accepted_total", .counter, by: ["worker"], "Connections that the worker took on.")
    static let poolUsed = MetricDefinition(
        "wsbridge_pool_used_bytes", .gauge, by: ["worker"], "Memory that waits for slow peers.")
    static let poolLimit = MetricDefinition(
        "wsbridge_pool_limit_bytes", .gauge, by: ["worker"], "How much memory may wait for slow peers.")
    static let logLinesDropped = MetricDefinition(
        "wsbridge_log_lines_dropped_total", .counter, "Log lines lost because standard error was not read.")

    static let processCPU = MetricDefinition(
        "process_cpu_seconds_total", .counter, "Processor time of the server, without its programs.")
    static let processResident = MetricDefinition(
        "process_resident_memory_bytes", .gauge, "Resident memory of the server.")
    static let processVirtual = MetricDefinition(
        "process_virtual_memory_bytes", .gauge, "Virtual memory of the server.")
    static let processDescriptors = MetricDefinition(
        "process_open_fds", .gauge, "Open file descriptors.")
    static let processDescriptorsMax = MetricDefinition(
        "process_max_fds", .gauge, "How many file descriptors may be open.")
    static let processStart = MetricDefinition(
        "process_start_time_seconds", .gauge, "When the server started, in seconds since 1970 (UTC).")

    package static let all = [
        Self.buildInfo, Self.ready,
        Self.sessionsOpen, Self.sessionsLimit, Self.sessionsStarted, Self.sessionsEnded, Self.handshakesRefused,
        Self.requestsAnswered, Self.requestsRefused,
        Self.messagesReceived, Self.messagesSent, Self.payloadReceived, Self.payloadSent, Self.pauses,
        Self.childrenRunning, Self.childrenStarted, Self.childStartFailures, Self.childrenEnded,
        Self.upstreamConnected, Self.upstreamConnectTime, Self.upstreamFailures,
        Self.workerUp, Self.workerCPU, Self.connectionsOpen, Self.connectionsAccepted, Self.poolUsed, Self.poolLimit,
        Self.logLinesDropped,
        Self.processCPU, Self.processResident, Self.processVirtual, Self.processDescriptors,
        Self.processDescriptorsMax, Self.processStart,
    ]
}
