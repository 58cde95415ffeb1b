/// The machine that a plan is for, as far as a plan depends on it. Nil: nothing is in the way.
package protocol Surroundings: Sendable {
    func obstacle(toStarting command: CommandPlan) -> ValueFault?
    func obstacle(toEntering directory: String) -> ValueFault?
    func obstacle(toRunningAs user: AccountName) -> ValueFault?
    func obstacle(toJoining group: AccountName) -> ValueFault?
    /// Whether who runs this may start programs as somebody else.
    var mayChangeUser: Bool { get }
    /// Where the file of a unix socket would be made.
    func obstacle(toListeningAt path: String) -> ValueFault?
    /// What is wrong with the files and ciphers of a listener, or doubtful.
    func faults(of tls: TLSPlan) -> [FileFault]
    /// The same of connections to servers.
    func faults(of tls: UpstreamTLSPlan) -> [FileFault]
    /// What is wrong with a token map: a file, or a folder of them.
    func faults(ofTokenMap path: String) -> [FileFault]
}

/// What is wrong with a file that an option names.
package struct FileFault: Sendable, Equatable {
    package let severity: Diagnostic.Severity
    package let option: OptionName
    /// Which of the option's values it is, counted from 0.
    package let index: Int
    package let fault: ValueFault

    package init(_ severity: Diagnostic.Severity, _ option: OptionName, index: Int = 0, _ fault: ValueFault) {
        self.severity = severity
        self.option = option
        self.index = index
        self.fault = fault
    }
}

extension Surroundings {
    package var mayChangeUser: Bool { true }
}

/// A machine that has everything: for those who want to know about the words alone.
package struct AmpleSurroundings: Surroundings {
    package init() {}
    package func obstacle(toStarting command: CommandPlan) -> ValueFault? { nil }
    package func obstacle(toEntering directory: String) -> ValueFault? { nil }
    package func obstacle(toRunningAs user: AccountName) -> ValueFault? { nil }
    package func obstacle(toJoining group: AccountName) -> ValueFault? { nil }
    package func obstacle(toListeningAt path: String) -> ValueFault? { nil }
    package func faults(of tls: TLSPlan) -> [FileFault] { [] }
    package func faults(of tls: UpstreamTLSPlan) -> [FileFault] { [] }
    package func faults(ofTokenMap path: String) -> [FileFault] { [] }
}
