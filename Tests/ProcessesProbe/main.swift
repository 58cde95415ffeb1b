// A stand-in for the server in a process of its own, for what cannot be tried in the test's process: to be
// killed, to adopt orphans on the main thread, to count descriptors while nothing else runs. First argument:
// what to do.
let arguments = CommandLine.arguments
let script = arguments.count > 2 ? arguments[2] : ""

switch arguments.count > 1 ? arguments[1] : "" {
case "hold": try Probe(guarded: true).hold(script)
case "hold-unguarded": try Probe(guarded: false).hold(script)
case "hold-reviving": try Probe(guarded: true).holdAfterLosingTheGuardian(script)
case "bury": try Probe(guarded: true).bury(script)
case "bury-beside": try Probe(guarded: true).buryBesideALivingSession(script)
case "fail": try Probe(guarded: true).failManyTimes()
case "change-user": try Probe(guarded: true).changeUser()
case "cost": try Probe(guarded: true).measureCost()
case let word: fatalError("unknown task: \(word)")
}
