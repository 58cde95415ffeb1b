// swift-tools-version: 6.2
import PackageDescription

// The engines under libFuzzer and AddressSanitizer. Their folders are links to the sources of the main package: compiled
// here they carry the sanitizers, and `package` access reaches them because they are part of this package.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

func engine(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["FuzzInput", "CFuzzMain"], swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])])
}

let package = Package(
    name: "Fuzz",
    targets: [
        engine("Addresses"),
        engine("Calendar"),
        engine("UTF8Text"),
        engine("HTTPSemantics", ["Calendar"]),
        engine("HTTP1", ["HTTPSemantics"]),
        engine("WebSocket", ["HTTPSemantics", "UTF8Text"]),
        engine("StdioFraming", ["UTF8Text"]),
        engine("Routing", ["HTTPSemantics"]),
        engine("StaticFiles", ["HTTPSemantics"]),
        engine("Forwarding", ["HTTPSemantics", "Addresses"]),
        engine("Configuration", ["Addresses", "StdioFraming", "Routing", "Upstreams", "Forwarding", "HTTPSemantics"]),
        .target(name: "CTOML"),
        engine("ConfigurationFile", ["Configuration", "CTOML"]),
        engine("ProxyProtocol", ["Addresses"]),
        engine("Upstreams", ["Addresses"]),
        engine("FuzzInput"),
        .target(name: "CFuzzMain"),
        fuzzer("FuzzRequestHead", ["HTTP1", "HTTPSemantics"]),
        fuzzer("FuzzResponseHead", ["HTTP1", "HTTPSemantics"]),
        fuzzer("FuzzBodies", ["HTTP1", "HTTPSemantics"]),
        fuzzer("FuzzStaticFiles", ["StaticFiles", "Routing", "HTTPSemantics"]),
        fuzzer("FuzzTunnelFrames", ["WebSocket"]),
        fuzzer("FuzzProxyHeader", ["ProxyProtocol"]),
        fuzzer("FuzzTokenMap", ["Upstreams"]),
        fuzzer("FuzzFrames", ["WebSocket"]),
        fuzzer("FuzzUTF8", ["WebSocket", "StdioFraming"]),
        fuzzer("FuzzRecords", ["StdioFraming"]),
        fuzzer("FuzzRecordEncoder", ["StdioFraming"]),
        fuzzer("FuzzShellWords", ["Configuration"]),
        fuzzer("FuzzConfigurationFile", ["ConfigurationFile", "Configuration", "Routing"]),
    ],
    cxxLanguageStandard: .cxx17
)
