internal import CommandLineInterface
internal import Configuration
internal import Glibc
internal import Server

// Parses, checks, acts; everything else has a module of its own.
switch Invocation(arguments: Array(CommandLine.arguments.dropFirst())) {
case .serve(let checked):
    warn(checked.warnings)
    exit(Server.run(checked.plan))
case .check(let checked):
    warn(checked.warnings)
    print(checked.plan)
    exit(Server.examine(checked.plan))
case .status(let request):
    exit(showStatus(request))
case .print(let text):
    print(text)
case .refuse(let text):
    complain(text)
    exit(2)
}
