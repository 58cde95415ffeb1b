internal import ArgumentParser
internal import Configuration

/// All options, in the groups and the order of the table.
struct AllOptions: ParsableArguments {
    @OptionGroup(.serving) var serving: ServingOptions
    @OptionGroup(.program) var program: ProgramOptions
    @OptionGroup(.privileges) var privileges: PrivilegeOptions
    @OptionGroup(.upstream) var upstream: UpstreamOptions
    @OptionGroup(.files) var files: FileOptions
    @OptionGroup(.messages) var messages: MessageOptions
    @OptionGroup(.access) var access: AccessOptions
    @OptionGroup(.limits) var limits: LimitOptions
    @OptionGroup(.transport) var transport: TransportOptions
    @OptionGroup(.logging) var logging: LoggingOptions

    var settings: [Setting] {
        self.serving.settings + self.program.settings + self.privileges.settings + self.upstream.settings
            + self.files.settings + self.messages.settings + self.access.settings + self.limits.settings
            + self.transport.settings + self.logging.settings
    }
}

extension OptionGroup {
    /// A section of the table under its heading.
    init(_ section: OptionSection) { self.init(title: section.rawValue) }
}
