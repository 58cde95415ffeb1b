// swift-tools-version: 6.2
import PackageDescription

// The engines by themselves, measured. As in Fuzz their folders are links to the sources of the main package, so that
// `package` access reaches them; they are compiled with the flags of the program.

let warningsAreErrors = Context.environment["WSBRIDGE_WARNINGS_AS_ERRORS"] != nil

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

func engine(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "Benchmarks",
    targets: [
        .target(name: "CLinux"),
        engine("SystemCalls", ["CLinux"]),
        engine("Buffers"),
        engine("Addresses"),
        engine("Calendar"),
        engine("UTF8Text"),
        engine("HTTPSemantics", ["Calendar"]),
        engine("HTTP1", ["HTTPSemantics"]),
        engine("WebSocket", ["HTTPSemantics", "UTF8Text"]),
        engine("StdioFraming", ["UTF8Text"]),
        engine("Routing", ["HTTPSemantics"]),
        engine("Forwarding", ["HTTPSemantics", "Addresses"]),
        .executableTarget(
            name: "engines",
            dependencies: [
                "SystemCalls", "Buffers", "Addresses", "HTTPSemantics", "HTTP1", "WebSocket", "StdioFraming", "Routing",
                "Forwarding",
            ],
            swiftSettings: strict),
    ]
)
