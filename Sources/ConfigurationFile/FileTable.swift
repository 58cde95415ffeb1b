internal import Configuration

/// The tables of the file, and which keys stand in which.
enum FileTable: CaseIterable {
    /// Before the first table.
    case top
    case defaults
    case listener
    case route

    init?(key: String) {
        guard let table = Self.allCases.first(where: { $0.key == key }), table != .top else { return nil }
        self = table
    }

    var key: String {
        switch self {
        case .top: ""
        case .defaults: "defaults"
        case .listener: "listener"
        case .route: "route"
        }
    }

    /// How it is called in a message.
    private var place: String {
        switch self {
        case .top: "at the top of the file, before the first table"
        case .defaults: "in [defaults]"
        case .listener: "in a [[listener]]"
        case .route: "in a [[route]]"
        }
    }

    /// What a key of this table means; nil when it has no such key.
    func name(of key: String) -> SettingName? { self.names.first { Self.key(of: $0) == key } }

    private var names: [SettingName] {
        switch self {
        case .top: Self.options(.server)
        case .defaults: Self.options(.route)
        case .listener:
            [.key(.address), .key(.name), .option(.console), .key(.mode), .key(.owner), .key(.redirect)]
                + TransportPlan.options.map { .option($0) }
        case .route:
            [.key(.name), .key(.host), .key(.path)] + Self.options(.handler) + Self.options(.route)
        }
    }

    private static func options(_ scope: OptionScope) -> [SettingName] {
        OptionTable.rows.filter { $0.scope == scope }.map { .option($0.name) }
    }

    private static func key(of name: SettingName) -> String {
        switch name {
        case .option(let option): option.key
        case .key(let key): key.rawValue
        }
    }

    /// Why a key is unknown here, and what was probably meant.
    func explain(unknown key: String) -> (problem: String, remedy: String) {
        if key == OptionName.cmd.rawValue { return ("is not known", "did you mean \(OptionName.cmd.key)?") }
        let elsewhere = Self.allCases.filter { $0 != self && $0.name(of: key) != nil }
        if !elsewhere.isEmpty {
            return ("does not belong \(self.place)", "write it \(elsewhere.map(\.place).joined(separator: " or "))")
        }
        var known = self.names.map(Self.key(of:))
        if self == .top { known += Self.allCases.map(\.key).filter { !$0.isEmpty } }
        if let nearest = Spelling.nearest(to: key, in: known) { return ("is not known", "did you mean \(nearest)?") }
        for table in Self.allCases {
            guard let nearest = Spelling.nearest(to: key, in: table.names.map(Self.key(of:))) else { continue }
            return ("is not known", "did you mean \(nearest) \(table.place)?")
        }
        return ("is not known", "docs/options.md lists what there is")
    }
}
