/// Reads settings as typed values and collects what is wrong with them.
///
/// A wrong value is reported once and the default stands in, so that reading can go on to the next.
struct SettingReader {
    private let settings: [Setting]
    private(set) var diagnostics: [Diagnostic] = []
    /// What has been asked for: a test holds that no option is written for nothing.
    private(set) var asked: Set<OptionName> = []

    init(_ settings: [Setting]) { self.settings = settings }

    mutating func isGiven(_ option: OptionName) -> Bool { !self.given(option).isEmpty }

    mutating func flag(_ option: OptionName) -> Bool { self.given(option).last?.value == "true" }

    /// The one value of an option, or nil.
    mutating func value<Value: OptionValue>(_ option: OptionName, as type: Value.Type = Value.self) -> Value?
    {
        let given = self.given(option)
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
    mutating func values<Value: OptionValue>(_ option: OptionName, as type: Value.Type = Value.self)
        -> [Value]
    {
        self.given(option).compactMap { self.parse($0) }
    }

    /// The elements of an option whose value is a comma separated list and that may be repeated.
    mutating func list(_ option: OptionName, check: (String) throws(ValueFault) -> String) -> [String] {
        var elements: [String] = []
        for setting in self.given(option) {
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

    /// Reports against an option, with its last value if it was given.
    mutating func report(
        _ option: OptionName?, _ problem: String, remedy: String, severity: Diagnostic.Severity = .error
    ) {
        let setting = option.flatMap { option in self.settings.last { $0.option == option } }
        self.diagnostics.append(
            Diagnostic(
                severity: severity, option: option,
                value: setting.flatMap { OptionTable.row($0.option).isSwitch ? nil : $0.value },
                source: setting?.source ?? .commandLine, problem: problem, remedy: remedy))
    }

    private mutating func report(_ setting: Setting, _ problem: String, remedy: String) {
        self.diagnostics.append(
            Diagnostic(
                severity: .error, option: setting.option, value: setting.value, source: setting.source,
                problem: problem, remedy: remedy))
    }

    private mutating func given(_ option: OptionName) -> [Setting] {
        self.asked.insert(option)
        return self.settings.filter { $0.option == option }
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

extension Substring {
    /// Without blanks at either end.
    var trimmingBlanks: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
