internal import CommandLineInterface
internal import Glibc
internal import Server
internal import SystemCalls

// Swift takes the words from /proc/self/cmdline, and where nobody has mounted that there are none.
guard !CommandLine.arguments.isEmpty else {
    StandardError.writeLine("wsbridge: cannot read /proc/self/cmdline; mount /proc: mount -t proc proc /proc")
    exit(1)
}

// Parses, checks, acts; everything else has a module of its own.
// In two steps: what was parsed is let go of before the end, so that whatever is left then is a leak.
let exitCode = act(
    on: Invocation(arguments: Array(CommandLine.arguments.dropFirst()), surroundings: Server.surroundings))
exit(exitCode)
