/// A limit or none. Zero never means none: only the word `unlimited` does.
package enum Limit<Value: OptionValue & Equatable>: OptionValue, Equatable {
    case at(Value)
    case unlimited

    package init(parsing text: String) throws(ValueFault) {
        if text == "unlimited" {
            self = .unlimited
            return
        }
        do throws(ValueFault) {
            self = .at(try Value(parsing: text))
        } catch {
            throw ValueFault(error.problem, remedy: "\(error.remedy), or unlimited")
        }
    }

    package var description: String {
        switch self {
        case .at(let value): value.description
        case .unlimited: "unlimited"
        }
    }
}
