internal import Configuration

/// A value of a TOML document and where it begins.
struct TOMLValue: Equatable {
    enum Content: Equatable {
        case string(String)
        case integer(Int64)
        case float
        case boolean(Bool)
        /// A date, a time or both.
        case moment
        case array([TOMLValue])
        case table([TOMLEntry])
    }

    let content: Content
    let source: Setting.Source

    /// How a message names what somebody wrote.
    var kind: String {
        switch self.content {
        case .string: "a string"
        case .integer: "a number"
        case .float: "a number with a fraction"
        case .boolean: "true or false"
        case .moment: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// One key of a table, and its value.
struct TOMLEntry: Equatable {
    let key: String
    let keySource: Setting.Source
    let value: TOMLValue
}

/// Why a text is not TOML.
struct TOMLFault: Error, Equatable {
    let reason: String
    let line: Int
    let column: Int
}
