internal import Glibc
internal import SystemCalls

/// Does what was asked for; gives the exit code.
func act(_ arguments: [String]) throws -> CInt {
    let invocation = try Invocation(arguments: arguments)
    guard invocation.action != .help else {
        print(Invocation.usage)
        return 0
    }
    let chosen = try Catalogue.benchmarks().filter { invocation.filter.isEmpty || $0.name.contains(invocation.filter) }
    guard !chosen.isEmpty else {
        throw WrongUsage(text: "no name contains \(invocation.filter); --list prints all")
    }
    switch invocation.action {
    case .help: break
    case .list: for benchmark in chosen { print(benchmark.name) }
    case .perform(let operations): for benchmark in chosen { try benchmark.perform(operations) }
    case .measure(let rounds, asJSON: true):
        print(Report.json(try chosen.map { try Measurement(of: $0, rounds: rounds) }))
    case .measure(let rounds, asJSON: false):
        let columns = chosen.map(\.name.count).max() ?? 0
        print(Report.heading(nameColumns: columns))
        for benchmark in chosen {
            print(Report.line(try Measurement(of: benchmark, rounds: rounds), nameColumns: columns))
            // Whoever looks on sees each line as it comes, through a pipe too.
            _ = fflush(nil)
        }
    }
    return 0
}

do {
    exit(try act(Array(CommandLine.arguments.dropFirst())))
} catch let error as WrongUsage {
    StandardError.writeLine("engines: \(error.text)\n\(Invocation.usage)")
    exit(2)
} catch let error as WrongAnswer {
    StandardError.writeLine("engines: \(error.text)")
    exit(1)
} catch {
    // A sample that an engine refuses.
    StandardError.writeLine("engines: \(error)")
    exit(1)
}
