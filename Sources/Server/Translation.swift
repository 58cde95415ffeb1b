internal import Bridge
internal import Configuration
internal import HTTPSemantics
internal import IOCore
internal import Routing
internal import Site
internal import StaticFiles
internal import StdioFraming
internal import SystemCalls
internal import Telemetry
internal import WebSocket

// The plan in the words of the modules that carry it out. Everything was checked when the plan was made.

extension SessionSettings {
    convenience init(_ route: RoutePlan, log: any SessionLog, loop: any EventLoop) {
        let limits = route.limits
        self.init(
            routeName: route.name, frameBytesMax: limits.frameSizeMax.bytes,
            messageBytesMax: limits.messageSizeMax.bytes, backpressureMax: limits.backpressureBytesHigh,
            pingInterval: limits.pingInterval.value?.nanoseconds, pingTimeout: limits.pingTimeout.nanoseconds,
            idleTimeout: limits.idleTimeout.value?.nanoseconds, lifetimeMax: limits.lifetimeMax.value?.nanoseconds,
            closeTimeout: limits.closeTimeout.nanoseconds,
            messagesPerSecondMax: limits.messageRate.value?.perSecond, log: log, loop: loop)
    }
}

extension Rate {
    var perSecond: Double { Double(self.count) * 1e9 / Double(self.per.nanoseconds) }
}

extension CommandSettings {
    convenience init(
        _ plan: CommandPlan, process: ChildSettings, launcher: any ProcessLauncher, loop: any EventLoop
    ) {
        let policy: ErrorPolicy =
            switch plan.stderr {
            case .log: .log
            case .client: .client
            case .discard: .discard
            case .inherit: .inherit
            }
        self.init(
            words: plan.words, environment: plan.inheritedEnvironment, passesCookies: plan.passesCookies,
            process: process, usesTerminal: plan.usesTerminal, errorPolicy: policy,
            records: RecordSettings(plan.records), teardown: plan.teardown.map(TeardownRung.init),
            closeCodeBase: plan.closeCodeBase.map { UInt16(clamping: $0) }, launcher: launcher, loop: loop)
    }
}

extension RecordSettings {
    convenience init(_ plan: RecordPlan) {
        self.init(
            framing: plan.framing, innerNewline: plan.innerNewline, messageKind: plan.messageKind,
            recordBytesMax: plan.recordBytesMax, longRecord: plan.longRecord, invalidText: plan.invalidText)
    }
}

extension FileSite.Settings {
    init(_ plan: FilesPlan, routeName: String) {
        self.init(
            routeName: routeName, folder: plan.folder, indexNames: plan.indexNames,
            fallbacks: plan.fallbacks.map { FallbackPath($0) }, listsFolders: plan.listsFolders,
            types: MediaTypes(adding: plan.types.map { ($0.ending, $0.type) }),
            fields: FileFields(
                cacheControl: plan.cacheControl.map { FieldValue($0) }, variesByCoding: plan.usesPrecompressed))
    }
}

extension TokenSource {
    /// Nil: clients have no choice. A `{token}` in the path goes before the parameter.
    init?(_ route: RoutePlan) {
        guard case .upstream(let plan) = route.handler, case .map = plan.servers else { return nil }
        self = route.match.path.captureNames.contains("token") ? .capture(name: "token") : .query(parameter: "token")
    }
}

extension CommandPlan {
    /// The server's variables that are let through, then the route's own, which win.
    fileprivate var inheritedEnvironment: CStringArray {
        let own = Set(self.environment.map(\.name))
        var entries = CStringArray()
        for name in self.passEnvironment where !own.contains(name) {
            guard let value = ProcessEnvironment.value(of: name) else { continue }
            entries.append(bytes: (Array("\(name)=".utf8) + value).span)
        }
        for variable in self.environment { entries.append("\(variable.name)=\(variable.value)") }
        if self.usesTerminal, !own.contains("TERM"), !self.passesOwnTerminalType {
            entries.append("TERM=\(Self.terminalTypeStandard)")
        }
        return entries
    }

    /// Whether the program gets the server's own TERM, which describes another terminal: only if that was asked for.
    private var passesOwnTerminalType: Bool {
        self.passEnvironment.contains("TERM") && ProcessEnvironment.value(of: "TERM") != nil
    }
}

extension TeardownRung {
    init(_ step: TeardownStep) {
        let measure: Measure =
            switch step.action {
            case .closeStdin: .closeInput
            case .terminate: .signalGroup(.terminate)
            case .kill: .signalGroup(.kill)
            }
        self.init(measure, patience: step.wait.nanoseconds)
    }
}

extension ChildSettings {
    /// Looks names up, which only this system can answer.
    init(_ plan: CommandPlan) throws(ServerFailure) {
        self.init()
        self.workingDirectory = plan.workingDirectory
        self.fileModeMask = plan.privileges.umask
        self.niceness = plan.privileges.nice.map { Int32(clamping: $0) }
        self.noNewPrivileges = plan.privileges.noNewPrivileges
        self.credentials = try Self.credentials(plan.privileges)
        self.limits = plan.privileges.resourceLimits.compactMap { limit in
            guard let number = SystemCalls.ResourceLimit.number(of: limit.resource.rawValue) else { return nil }
            let value = limit.value.value.map { UInt64($0.bytes) } ?? SystemCalls.ResourceLimit.unlimited
            return SystemCalls.ResourceLimit(resource: number, soft: value, hard: value)
        }
    }

    private static func credentials(_ plan: PrivilegePlan) throws(ServerFailure) -> Credentials? {
        guard plan.user != nil || plan.group != nil else { return nil }
        let (user, group) = try Accounts.numbers(user: plan.user, group: plan.group, withPrimaryGroup: true)
        return Credentials(user: user, group: group)
    }
}

extension Accounts {
    /// The numbers behind names. `withPrimaryGroup`: a named user brings their group along when no other is named.
    static func numbers(
        user: AccountName?, group: AccountName?, withPrimaryGroup: Bool = false
    ) throws(ServerFailure) -> (user: UInt32?, group: UInt32?) {
        var numbers: (user: UInt32?, group: UInt32?) = (nil, nil)
        switch user {
        case .id(let id): numbers.user = id
        case .name(let name):
            guard let account = Accounts.user(named: name) else { throw .unknownUser(name) }
            numbers.user = account.user
            if withPrimaryGroup { numbers.group = account.group }
        case nil: break
        }
        switch group {
        case .id(let id): numbers.group = id
        case .name(let name):
            guard let id = Accounts.group(named: name) else { throw .unknownGroup(name) }
            numbers.group = id
        case nil: break
        }
        return numbers
    }
}

extension OriginPlan {
    var rules: [OriginRule] {
        switch self {
        case .same: return [.sameOrigin]
        case .any: return [.any]
        case .listed(let origins, let andSame):
            let patterns = origins.compactMap { try? OriginPattern(parsing: $0) }
            return (andSame ? [.sameOrigin] : []) + [.list(patterns)]
        }
    }
}

extension Telemetry.LogLevel {
    init(_ level: Configuration.LogLevel) {
        switch level {
        case .error: self = .error
        case .warning: self = .warning
        case .info: self = .info
        case .debug: self = .debug
        }
    }
}

extension LogFormatter {
    /// `auto`: text for people, JSON for everything else.
    init(_ format: Configuration.LogFormat, isTerminal: Bool, wantsColor: Bool, isJournal: Bool = false) {
        let usesColor = isTerminal && wantsColor
        switch format {
        case .text: self.init(format: .text, usesColor: usesColor, hasPriority: isJournal)
        case .json: self.init(format: .json, hasPriority: isJournal)
        case .auto: self.init(format: isTerminal ? .text : .json, usesColor: usesColor, hasPriority: isJournal)
        }
    }
}
