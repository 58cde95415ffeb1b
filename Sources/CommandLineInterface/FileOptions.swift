internal import ArgumentParser
internal import Configuration

/// The folder that plain requests are answered from.
struct FileOptions: ParsableArguments {
    @Option(.static) var folder: [String] = []
    @Option(.staticIndex) var staticIndex: [String] = []
    @Option(.tryFiles) var tryFiles: [String] = []
    @Flag(.staticListing) var staticListing = false
    @Flag(.staticPrecompressed) var staticPrecompressed = false
    @Option(.staticCache) var staticCache: [String] = []
    @Option(.staticType) var staticType: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.static, self.folder),
            .given(.staticIndex, self.staticIndex),
            .given(.tryFiles, self.tryFiles),
            .given(.staticListing, self.staticListing),
            .given(.staticPrecompressed, self.staticPrecompressed),
            .given(.staticCache, self.staticCache),
            .given(.staticType, self.staticType),
        ]
        return given.flatMap(\.self)
    }
}
