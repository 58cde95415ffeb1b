// swift-tools-version: 6.2
import PackageDescription

// CI and the maintainers' `make` turn warnings into errors; a newcomer's newer compiler must not fail on one.
let warningsAreErrors = Context.environment["WSBRIDGE_WARNINGS_AS_ERRORS"] != nil

// A build with a sanitizer leaves out the tests that it does not run: they would be half of its time.
let chosenTests = Context.environment["WSBRIDGE_TESTS"]?.split(separator: " ").map(String.init)

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"),
    // Debug builds and tests check exclusive access at run time; it is a sixth of a small message's instructions and
    // finds nothing that they did not find (docs/decisions.md).
    // A section for each function: the linker leaves out what nobody calls, and can put the others in an order (below).
    .unsafeFlags(
        ["-enforce-exclusivity=unchecked", "-Xfrontend", "-function-sections"], .when(configuration: .release)),
] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

// Serving and starting touch few pages: what each runs lies side by side, relocations are packed (DT_RELR, glibc 2.36),
// nothing is exported to libraries, and of libstdc++ there is what is used (packaging/link leads -lstdc++ to the
// archive). A third of the memory after start (docs/performance.md).
let compactStart = [
    "-use-ld=lld",
    "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/packaging/code.order",
    "-Xlinker", "--no-warn-symbol-ordering",
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
    "-Xlinker", "--no-export-dynamic",
    "-L", "\(Context.packageDirectory)/packaging/link",
]

/// A module of the house: what it may import is exactly what stands here (docs/architecture.md has the picture).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "wsbridge",
    products: [.executable(name: "wsbridge", targets: ["wsbridge"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        // C, and C++ behind a C interface
        .target(name: "CLinux"),
        .target(name: "CTOML"),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // values and typed system calls
        module("SystemCalls", ["CLinux"]),
        module("Buffers"),
        module("Addresses"),
        module("Calendar"),
        module("UTF8Text"),
        module("Telemetry", ["Calendar"]),
        module("HTTPSemantics", ["Calendar"]),
        // engines: no I/O, no clock, no randomness of their own
        module("HTTP1", ["HTTPSemantics"]),
        module("WebSocket", ["HTTPSemantics", "UTF8Text"]),
        module("StdioFraming", ["UTF8Text"]),
        module("Routing", ["HTTPSemantics"]),
        module("StaticFiles", ["HTTPSemantics"]),
        module("ProxyProtocol", ["Addresses"]),
        module("Forwarding", ["HTTPSemantics", "Addresses"]),
        module("Upstreams", ["Addresses"]),
        module("TLSEngine", ["COpenSSL"]),
        // what the operator may say, in the words of the engines
        module("Configuration", [
            "StdioFraming", "Routing", "Upstreams", "Addresses", "Forwarding", "HTTPSemantics",
        ]),
        // a file of options, as the draft that Configuration checks
        module("ConfigurationFile", ["Configuration", "CTOML"]),
        // the contract
        module("IOCore", ["Buffers", "SystemCalls"]),
        // what fulfils it
        module("Reactor", ["IOCore", "Buffers", "SystemCalls"]),
        module("Processes", ["IOCore", "Buffers", "SystemCalls"]),
        module("Transport", ["IOCore", "Buffers", "SystemCalls", "TLSEngine", "ProxyProtocol"]),
        // drivers and handlers
        module("Dialing", [
            "IOCore", "Buffers", "SystemCalls", "Transport", "TLSEngine", "ProxyProtocol", "Upstreams", "HTTP1",
            "HTTPSemantics",
        ]),
        module("HTTPConnection", ["IOCore", "Buffers", "HTTP1", "HTTPSemantics", "SystemCalls"]),
        module("Bridge", [
            "HTTPConnection", "IOCore", "SystemCalls", "Buffers", "WebSocket", "StdioFraming", "Routing",
            "HTTPSemantics", "Telemetry",
        ]),
        module("Proxy", [
            "Bridge", "HTTPConnection", "IOCore", "SystemCalls", "Buffers", "WebSocket", "HTTP1", "Forwarding",
            "HTTPSemantics", "Addresses", "Telemetry",
        ]),
        module("Site", [
            "HTTPConnection", "IOCore", "SystemCalls", "StaticFiles", "Routing", "HTTPSemantics", "Telemetry",
        ]),
        // our own client: `wsbridge connect` and, over it, `wsbridge bench`
        module("WebSocketClient", ["Configuration", "WebSocket", "HTTPSemantics", "TLSEngine", "SystemCalls"]),
        module("LoadGenerator", ["WebSocketClient", "Configuration", "WebSocket", "SystemCalls"]),
        // composition root
        module("Server", [
            "Transport", "TLSEngine", "ProxyProtocol", "Dialing", "Upstreams",
            "Bridge", "Proxy", "Forwarding", "Site", "StaticFiles", "HTTPConnection", "Reactor", "Processes", "IOCore",
            "HTTP1", "WebSocket", "StdioFraming",
            "Buffers", "SystemCalls", "Configuration", "ConfigurationFile", "Routing", "HTTPSemantics", "Telemetry", "Addresses",
        ]),
        module("CommandLineInterface", [
            "Configuration", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
        // the client's side of `wsbridge status`
        module("ServerStatus", ["Addresses", "Configuration", "SystemCalls", "Telemetry"]),
        .executableTarget(
            name: "wsbridge",
            dependencies: [
                "Server", "ServerStatus", "WebSocketClient", "LoadGenerator", "Configuration", "CommandLineInterface",
                "SystemCalls",
            ],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(compactStart, .when(configuration: .release))]),
        tests("UTF8TextTests", ["UTF8Text", "SimulatedIO"]),
        tests("StdioFramingTests", ["StdioFraming"]),
        tests("HTTPSemanticsTests", ["HTTPSemantics"]),
        tests("RoutingTests", ["Routing"]),
        tests("HTTP1Tests", ["HTTP1", "HTTPSemantics", "SimulatedIO"]),
        tests("BuffersTests", ["Buffers"]),
        tests("SystemCallsTests", ["SystemCalls", "CLinux"]),
        tests("ArchitectureTests", []),
        tests("WebSocketTests", ["WebSocket", "HTTPSemantics", "SimulatedIO"]),
        tests("ConfigurationTests", ["Configuration", "StdioFraming"]),
        tests("ConfigurationFileTests", ["ConfigurationFile", "Configuration"], exclude: ["Golden"]),
        tests("CommandLineInterfaceTests", ["CommandLineInterface", "Configuration"]),
        tests("StaticFilesTests", ["StaticFiles", "HTTPSemantics"]),
        tests("SiteTests", [
            "StaticFiles", "Routing", "IOCore",
            "Site", "SimulatedIO", "HTTPConnection", "HTTP1", "HTTPSemantics", "SystemCalls", "Telemetry",
        ]),
        tests("ServerTests", ["Server", "Configuration", "HTTPSemantics", "SimulatedIO", "SystemCalls", "Telemetry"]),
        tests("ServerStatusTests", ["ServerStatus", "Addresses", "Configuration", "SystemCalls", "Telemetry"]),
        tests("TelemetryTests", ["Telemetry"]),
        tests("LoadGeneratorTests", ["LoadGenerator", "SimulatedIO"]),
        tests("WebSocketClientTests", [
            "WebSocketClient", "SimulatedIO", "Configuration", "WebSocket", "HTTPSemantics",
        ]),
        tests("ProcessesTests", ["Processes", "SystemCalls", "ProcessesProbe", "IOCore", "SimulatedIO"]),
        // a server of forty lines that the tests may kill
        .executableTarget(
            name: "ProcessesProbe", dependencies: ["Processes", "SystemCalls"], path: "Tests/ProcessesProbe",
            swiftSettings: strict),
        // an I/O contract fulfilled in memory: seeded, with a clock that the test moves
        .target(
            name: "SimulatedIO", dependencies: ["IOCore", "Buffers", "SystemCalls"],
            path: "Tests/SimulatedIO", swiftSettings: strict),
        tests("HTTPConnectionTests", [
            "HTTPConnection", "SimulatedIO", "Buffers", "HTTP1", "HTTPSemantics", "IOCore", "SystemCalls",
        ]),
        tests("BridgeTests", [
            "Bridge", "SimulatedIO", "HTTPConnection", "IOCore", "Buffers", "SystemCalls", "WebSocket", "StdioFraming",
            "Routing", "HTTPSemantics", "HTTP1", "Telemetry",
        ]),
        // the far end of a TLS connection: an engine as a whole, and certificates
        .target(name: "TLSPeers", dependencies: ["TLSEngine"], path: "Tests/TLSPeers", swiftSettings: strict),
        tests("AddressesTests", ["Addresses"]),
        tests("ForwardingTests", ["Forwarding", "HTTPSemantics", "Addresses"]),
        tests("ProxyTests", [
            "Proxy", "Bridge", "SimulatedIO", "HTTPConnection", "IOCore", "Buffers", "SystemCalls", "WebSocket",
            "Forwarding", "HTTPSemantics", "HTTP1", "Telemetry",
        ]),
        tests("ProxyProtocolTests", ["ProxyProtocol"]),
        tests("UpstreamsTests", ["Upstreams"]),
        tests("DialingTests", [
            "Dialing", "Upstreams", "SimulatedIO", "Reactor", "Transport", "TLSEngine", "ProxyProtocol", "IOCore",
            "Buffers", "SystemCalls", "TLSPeers",
        ]),
        tests("TLSEngineTests", ["TLSEngine", "TLSPeers"]),
        tests("TransportTests", [
            "Transport", "SimulatedIO", "IOCore", "Buffers", "SystemCalls", "TLSEngine", "TLSPeers", "ProxyProtocol",
        ]),
        tests("ReactorTests", ["Reactor", "SimulatedIO", "IOCore", "Buffers", "SystemCalls"]),
    ].filter { target in target.type != .test || chosenTests?.contains(target.name) ?? true },
    cxxLanguageStandard: .cxx17
)
