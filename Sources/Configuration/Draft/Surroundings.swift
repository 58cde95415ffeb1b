/// The machine that a plan is for, as far as a plan depends on it. Nil: nothing is in the way.
package protocol Surroundings: Sendable {
    func obstacle(toStarting command: CommandPlan) -> ValueFault?
    func obstacle(toEntering directory: String) -> ValueFault?
    func obstacle(toRunningAs user: AccountName) -> ValueFault?
    func obstacle(toJoining group: AccountName) -> ValueFault?
    /// Where the file of a unix socket would be made.
    func obstacle(toListeningAt path: String) -> ValueFault?
}

/// A machine that has everything: for those who want to know about the words alone.
package struct AmpleSurroundings: Surroundings {
    package init() {}
    package func obstacle(toStarting command: CommandPlan) -> ValueFault? { nil }
    package func obstacle(toEntering directory: String) -> ValueFault? { nil }
    package func obstacle(toRunningAs user: AccountName) -> ValueFault? { nil }
    package func obstacle(toJoining group: AccountName) -> ValueFault? { nil }
    package func obstacle(toListeningAt path: String) -> ValueFault? { nil }
}
