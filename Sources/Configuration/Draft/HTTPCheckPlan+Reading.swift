extension HTTPCheckPlan {
    /// Nil: nothing is asked.
    static func read(_ reader: inout SettingReader) -> HTTPCheckPlan? {
        let host = reader.value(.checkHost, as: CheckHost.self)?.text
        var statuses: [ClosedRange<UInt16>] = []
        _ = reader.list(.checkStatus) { text throws(ValueFault) in
            let status = try StatusRange(parsing: text)
            statuses.append(status.range)
            return status.description
        }
        guard let target = reader.value(.checkPath, as: CheckTarget.self)?.text else {
            for option in [OptionName.checkHost, .checkStatus]
            where reader.isGivenHere(option) && !reader.isGiven(.checkPath) {
                reader.report(option, "has no effect without --check-path", remedy: "add --check-path")
            }
            return nil
        }
        var plan = HTTPCheckPlan(target: target)
        plan.host = host
        if !statuses.isEmpty { plan.statuses = statuses }
        return plan
    }
}
