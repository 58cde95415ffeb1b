internal import ArgumentParser
internal import Configuration

/// What answers a session, and the surroundings of a program.
struct ProgramOptions: ParsableArguments {
    @Option(.cmd) var cmd: [String] = []
    @Flag(.shell) var shell = false
    @Flag(.echo) var echo = false
    @Option(.cwd) var cwd: [String] = []
    @Option(.env) var env: [String] = []
    @Option(.passEnv) var passEnv: [String] = []
    @Flag(.passCookie) var passCookie = false
    @Flag(.pty) var pty = false
    @Option(.stderr) var stderr: [String] = []
    @Option(.teardownCloseWait) var teardownCloseWait: [String] = []
    @Option(.teardownTermWait) var teardownTermWait: [String] = []
    @Option(.closeCodeBase) var closeCodeBase: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.cmd, self.cmd),
            .given(.shell, self.shell),
            .given(.echo, self.echo),
            .given(.cwd, self.cwd),
            .given(.env, self.env),
            .given(.passEnv, self.passEnv),
            .given(.passCookie, self.passCookie),
            .given(.pty, self.pty),
            .given(.stderr, self.stderr),
            .given(.teardownCloseWait, self.teardownCloseWait),
            .given(.teardownTermWait, self.teardownTermWait),
            .given(.closeCodeBase, self.closeCodeBase),
        ]
        return given.flatMap(\.self)
    }
}
