internal import CommandLineInterface
internal import Glibc
internal import Server

// Parses, checks, acts; everything else has a module of its own.
// In two steps: what was parsed is let go of before the end, so that whatever is left then is a leak.
let exitCode = act(
    on: Invocation(arguments: Array(CommandLine.arguments.dropFirst()), surroundings: Server.surroundings))
exit(exitCode)
