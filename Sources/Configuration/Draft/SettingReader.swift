/// Reads settings as typed values and collects what is wrong with them.
///
/// A wrong value is reported once and the default stands in, so that reading can go on to the next.
struct SettingReader {
    private let settings: [Setting]
    private let inherited: [Setting]
    /// Where to point when no setting is to blame.
    let source: Setting.Source
    let surroundings: any Surroundings
    private(set) var diagnostics: [Diagnostic] = []
    /// What has been asked for: a test holds that no option is written for nothing.
    private(set) var asked: Set<SettingName> = []

    init(
        _ settings: [Setting], inherited: [Setting] = [], source: Setting.Source = .commandLine,
        surroundings: any Surroundings = AmpleSurroundings()
    ) {
        self.settings = settings
        self.inherited = inherited
        self.source = source
        self.surroundings = surroundings
    }

    mutating func isGiven(_ option: OptionName) -> Bool { !self.given(.option(option)).isEmpty }
    mutating func isGiven(key: FileKey) -> Bool { !self.given(.key(key)).isEmpty }

    /// Whether it is written here and not only inherited.
    func isGivenHere(_ option: OptionName) -> Bool { self.settings.contains { $0.name == .option(option) } }

    /// Whether what it says is meant to go with what `other` says: it is written here, or both are inherited. What is
    /// inherited alone is set aside where it does not fit what stands here, and nobody is to blame.
    mutating func goes(_ option: OptionName, with other: OptionName) -> Bool {
        self.isGivenHere(option) || self.isGiven(option) && self.isGiven(other) && !self.isGivenHere(other)
    }

    /// For a message at an inherited setting: who has inherited it.
    func heir(of option: OptionName) -> String {
        guard !self.isGivenHere(option), case .file(let line, _) = self.source else { return "" }
        return " (in the route on line \(line))"
    }

    /// The setting that decides, if one was given.
    mutating func setting(_ name: SettingName) -> Setting? { self.given(name).last }

    mutating func flag(_ option: OptionName) -> Bool { self.given(.option(option)).last?.value == "true" }

    /// The one value of an option, or nil.
    mutating func value<Value: OptionValue>(_ option: OptionName, as type: Value.Type = Value.self) -> Value? {
        self.value(of: .option(option))
    }

    /// The one value of a key of the file, or nil.
    mutating func value<Value: OptionValue>(key: FileKey, as type: Value.Type = Value.self) -> Value? {
        self.value(of: .key(key))
    }

    private mutating func value<Value: OptionValue>(of name: SettingName) -> Value? {
        let given = self.given(name)
        if given.count > 1, let last = given.last {
            self.report(last, "given \(given.count) times", remedy: "give it once")
        }
        return given.last.flatMap { self.parse($0) }
    }

    mutating func value<Value: OptionValue & Comparable>(
        _ option: OptionName, in range: ClosedRange<Value>
    ) -> Value? {
        guard let value: Value = self.value(option) else { return nil }
        return self.check(value, option, range, orUnlimited: false) ? value : nil
    }

    mutating func limit<Value: OptionValue & Comparable>(
        _ option: OptionName, in range: ClosedRange<Value>
    ) -> Limit<Value>? {
        guard let limit: Limit<Value> = self.value(option) else { return nil }
        switch limit {
        case .unlimited: return limit
        case .at(let value): return self.check(value, option, range, orUnlimited: true) ? limit : nil
        }
    }

    /// The values of an option that may be repeated.
    mutating func values<Value: OptionValue>(_ option: OptionName, as type: Value.Type = Value.self) -> [Value] {
        self.given(.option(option)).compactMap { self.parse($0) }
    }

    /// The same, each with where it was written.
    mutating func settings<Value: OptionValue>(_ option: OptionName, as type: Value.Type) -> [(Value, Setting)] {
        self.given(.option(option)).compactMap { setting in self.parse(setting).map { ($0, setting) } }
    }

    /// The elements of an option whose value is a comma separated list and that may be repeated.
    mutating func list(_ option: OptionName, check: (String) throws(ValueFault) -> String) -> [String] {
        self.list(of: .option(option), check: check)
    }

    /// The same for a key of the file.
    mutating func list<Value: OptionValue & Equatable>(key: FileKey, as type: Value.Type = Value.self) -> [Value] {
        self.list(of: .key(key)) { text throws(ValueFault) in try Value(parsing: text) }
    }

    private mutating func list<Element: Equatable>(
        of name: SettingName, check: (String) throws(ValueFault) -> Element
    ) -> [Element] {
        var elements: [Element] = []
        for setting in self.given(name) {
            for part in setting.value.split(separator: ",", omittingEmptySubsequences: false) {
                do throws(ValueFault) {
                    let element = try check(part.trimmingBlanks)
                    if elements.contains(element) {
                        self.report(setting, "names \(element) twice", remedy: "name it once")
                    } else {
                        elements.append(element)
                    }
                } catch {
                    self.report(setting, error.problem, remedy: error.remedy)
                }
            }
        }
        return elements
    }
}

// MARK: - Reports

extension SettingReader {
    /// Reports against an option, with its last value if it was given.
    mutating func report(
        _ option: OptionName?, _ problem: String, remedy: String, severity: Diagnostic.Severity = .error
    ) {
        self.report(name: option.map { .option($0) }, problem, remedy: remedy, severity: severity)
    }

    mutating func report(
        key: FileKey, _ problem: String, remedy: String, severity: Diagnostic.Severity = .error
    ) {
        self.report(name: .key(key), problem, remedy: remedy, severity: severity)
    }

    /// Says what is in the way of a value that is well written.
    mutating func report(_ option: OptionName?, _ obstacle: ValueFault?) {
        if let obstacle { self.report(option, obstacle.problem, remedy: obstacle.remedy) }
    }

    mutating func report(key: FileKey, _ obstacle: ValueFault?) {
        if let obstacle { self.report(key: key, obstacle.problem, remedy: obstacle.remedy) }
    }

    /// Says what is wrong with something that is no setting.
    mutating func report(_ fault: ValueFault, at source: Setting.Source?) {
        self.diagnostics.append(
            Diagnostic(
                severity: .error, subject: nil, value: nil, source: source ?? self.source, problem: fault.problem,
                remedy: fault.remedy))
    }

    /// Says what is wrong with a file that a setting names.
    mutating func report(_ fault: FileFault) {
        let given = self.given(.option(fault.option))
        let (problem, remedy) = (fault.fault.problem, fault.fault.remedy)
        if fault.index < given.count {
            self.report(given[fault.index], problem, remedy: remedy, severity: fault.severity)
        } else {
            self.report(fault.option, problem, remedy: remedy, severity: fault.severity)
        }
    }

    private mutating func report(
        name: SettingName?, _ problem: String, remedy: String, severity: Diagnostic.Severity
    ) {
        let setting = name.flatMap { self.given($0).last }
        self.diagnostics.append(
            Diagnostic(
                severity: severity, subject: name, value: setting.flatMap { $0.name.isSwitch ? nil : $0.value },
                source: setting?.source ?? self.source, problem: problem, remedy: remedy))
    }

    mutating func report(
        _ setting: Setting, _ problem: String, remedy: String, severity: Diagnostic.Severity = .error
    ) {
        self.diagnostics.append(
            Diagnostic(
                severity: severity, subject: setting.name, value: setting.value, source: setting.source,
                problem: problem, remedy: remedy))
    }

    /// What the route says itself, else what it inherits. Variables are inherited one by one.
    private mutating func given(_ name: SettingName) -> [Setting] {
        self.asked.insert(name)
        let own = self.settings.filter { $0.name == name }
        guard own.isEmpty || name == .option(.env) else { return own }
        let variables = Set(own.map(\.variable))
        return self.inherited.filter { $0.name == name && !variables.contains($0.variable) } + own
    }

    private mutating func parse<Value: OptionValue>(_ setting: Setting) -> Value? {
        do throws(ValueFault) {
            return try Value(parsing: setting.value)
        } catch {
            self.report(setting, error.problem, remedy: error.remedy)
            return nil
        }
    }

    private mutating func check<Value: OptionValue & Comparable>(
        _ value: Value, _ option: OptionName, _ range: ClosedRange<Value>, orUnlimited: Bool
    ) -> Bool {
        if range.contains(value) { return true }
        let unlimited = orUnlimited ? ", or unlimited" : ""
        self.report(
            option, "must be from \(range.lowerBound) to \(range.upperBound)",
            remedy: "write a value in that range\(unlimited)")
        return false
    }
}

extension Setting {
    /// What stands before the `=`.
    fileprivate var variable: Substring { self.value.prefix { $0 != "=" } }
}

extension Substring {
    /// Without blanks at either end.
    var trimmingBlanks: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
