internal import Configuration

/// Makes a draft of a parsed file and notes what is no option at all; values are the draft's to judge.
struct FileReader {
    private(set) var faults: [Diagnostic] = []

    mutating func read(_ root: [TOMLEntry]) -> PlanDraft {
        var draft = PlanDraft(server: [], listeners: [], routes: [])
        // Routes inherit whatever the order of the tables.
        for entry in root where entry.key == FileTable.defaults.key {
            draft.defaults += self.settings(self.table(entry), in: .defaults)
        }
        for entry in root {
            switch FileTable(key: entry.key) {
            case .listener:
                draft.listeners += self.tables(entry).map { table in
                    ListenerDraft(settings: self.settings(table.entries, in: .listener), source: table.source)
                }
            case .route:
                for table in self.tables(entry) { draft.routes.append(self.route(table, defaults: draft.defaults)) }
            case .defaults:
                break
            case .top, nil:
                draft.server += self.settings([entry], in: .top)
            }
        }
        draft.faults = self.faults
        return draft
    }

    private mutating func route(
        _ table: (entries: [TOMLEntry], source: Setting.Source), defaults: [Setting]
    ) -> RouteDraft {
        let faultsBefore = self.faults.count
        var draft = RouteDraft(settings: [], inherited: defaults, source: table.source)
        for entry in table.entries {
            if entry.key == OptionName.cmd.key, case .array(let elements) = entry.value.content {
                draft.words = self.words(elements, entry)
                draft.wordsSource = entry.value.source
            } else {
                draft.settings += self.settings([entry], in: .route)
            }
        }
        draft.isUnclear = self.faults.count > faultsBefore
        return draft
    }

    /// A program's words as they are: nothing splits them.
    private mutating func words(_ elements: [TOMLValue], _ entry: TOMLEntry) -> [String] {
        if elements.isEmpty {
            let remedy = "write the program and its arguments"
            self.report(entry.value.source, entry.key, "names no program", remedy: remedy)
        }
        return elements.compactMap { element in
            if case .string(let word) = element.content { return word }
            self.report(
                element.source, entry.key, "a word is a string and not \(element.kind)",
                remedy: "write it in quotes")
            return nil
        }
    }

    private mutating func settings(_ entries: [TOMLEntry], in table: FileTable) -> [Setting] {
        entries.flatMap { entry -> [Setting] in
            guard let name = table.name(of: entry.key) else {
                let (problem, remedy) = table.explain(unknown: entry.key)
                self.report(entry.keySource, entry.key, problem, remedy: remedy)
                return []
            }
            return self.settings(name, entry)
        }
    }
}

// MARK: - Shapes

extension FileReader {
    /// `[defaults]`.
    private mutating func table(_ entry: TOMLEntry) -> [TOMLEntry] {
        if case .table(let entries) = entry.value.content { return entries }
        self.report(
            entry.value.source, entry.key, "is a table and not \(entry.value.kind)", remedy: "write [\(entry.key)]")
        return []
    }

    /// `[[route]]`.
    private mutating func tables(_ entry: TOMLEntry) -> [(entries: [TOMLEntry], source: Setting.Source)] {
        let remedy = "write [[\(entry.key)]], once for each"
        switch entry.value.content {
        case .array(let elements):
            return elements.compactMap { element in
                if case .table(let entries) = element.content { return (entries, element.source) }
                self.report(element.source, entry.key, "is a table and not \(element.kind)", remedy: remedy)
                return nil
            }
        case .table, .string, .integer, .float, .boolean, .moment:
            self.report(
                entry.value.source, entry.key, "there may be several, and this is \(entry.value.kind)", remedy: remedy)
            return []
        }
    }

    mutating func report(_ source: Setting.Source, _ key: String, _ problem: String, remedy: String) {
        self.faults.append(
            Diagnostic(
                severity: .error, subject: nil, value: nil, source: source, problem: "\(key): \(problem)",
                remedy: remedy))
    }
}
