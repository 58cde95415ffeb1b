internal import CommandLineInterface
internal import Configuration
internal import Glibc
internal import Server

// Parses, checks, acts; everything else has a module of its own.
switch Invocation(arguments: Array(CommandLine.arguments.dropFirst()), surroundings: Server.surroundings) {
case .serve(let checked):
    warn(checked.warnings)
    exit(Server.run(checked.plan, source: .commandLine))
case .check(let checked):
    warn(checked.warnings)
    print(Server.description(of: checked.plan))
    exit(Server.examine(checked.plan))
case .serveFile(let request):
    let loaded = loadOrExit(request)
    exit(Server.run(loaded.plan, source: .file(request)))
case .checkFile(let request):
    let loaded = loadOrExit(request)
    print(Server.description(of: loaded.plan))
    exit(Server.examine(loaded.plan))
case .status(let request):
    exit(showStatus(request))
case .connect(let request):
    exit(connect(request))
case .bench(let request):
    exit(bench(request))
case .print(let text):
    print(text)
case .refuse(let text):
    complain(text)
    exit(2)
}
