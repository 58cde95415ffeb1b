/// A close code as a metric knows it. Clients choose codes from 3000 on at will, so those are not told apart: what a
/// client says must not make new series.
package enum CloseGroup: Hashable, Sendable {
    /// One that RFC 6455 or IANA's registry gives a meaning, 1000 to 1014.
    case registered(UInt16)
    /// 3000 to 3999: of libraries and frameworks.
    case library
    /// 4000 to 4999: of applications; `--close-code-base` ends here.
    case application
    case other

    package init(_ code: UInt16) {
        switch code {
        case 1000...1003, 1005...1014: self = .registered(code)
        case 3000...3999: self = .library
        case 4000...4999: self = .application
        case _: self = .other
        }
    }

    /// The value of the label `code`.
    package var label: String {
        switch self {
        case .registered(let code): String(code)
        case .library: "3xxx"
        case .application: "4xxx"
        case .other: "other"
        }
    }

    /// In the order in which they are shown; `other` only where it came.
    package static let all: [CloseGroup] =
        ((1000...1003).map { .registered($0) } + (1005...1014).map { .registered($0) }) + [.library, .application]
}
