/// Who asked for a part of a plan: for messages about what shows only later, such as a port in use. It makes no
/// difference: two plans that were written in other places are the same.
package struct Provenance: Sendable, Equatable {
    /// Nil: nobody did, it is a default.
    package let setting: Setting?

    package init(_ setting: Setting?) { self.setting = setting }

    package static func == (left: Self, right: Self) -> Bool { true }
}
