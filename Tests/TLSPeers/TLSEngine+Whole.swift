package import TLSEngine

// What the far ends of tests ask of an engine: everything at once, through windows so small that they fill up.
extension TLSEngine {
    /// Takes all of `input`; gives what it held in plain, and what is to be sent.
    package mutating func take(
        _ input: [UInt8], plaintextMax: Int = 1000, outputMax: Int = 700
    ) -> (heard: [UInt8], output: [UInt8]) {
        var all: (heard: [UInt8], output: [UInt8]) = ([], [])
        var used = 0
        while true {
            var plaintext = [UInt8](repeating: 0, count: plaintextMax)
            var output = [UInt8](repeating: 0, count: outputMax)
            var plaintextSpan = plaintext.mutableSpan
            var outputSpan = output.mutableSpan
            let progress = self.receive(
                input.span.extracting(used..<input.count), plaintext: &plaintextSpan, output: &outputSpan)
            used += progress.inputUsed
            all.heard += plaintext.prefix(progress.plaintextCount)
            all.output += output.prefix(progress.outputCount)
            switch progress.outcome {
            case .outputFull, .plaintextFull: continue
            case .needsInput, .done, .ended, .failed: return all
            }
        }
    }

    /// What is to be sent for `bytes`.
    package mutating func sealed(_ bytes: [UInt8], outputMax: Int = 700) -> [UInt8] {
        var all: [UInt8] = []
        var used = 0
        while true {
            var output = [UInt8](repeating: 0, count: outputMax)
            var span = output.mutableSpan
            let progress = self.seal(bytes.span.extracting(used..<bytes.count), output: &span)
            used += progress.inputUsed
            all += output.prefix(progress.outputCount)
            if progress.outcome != .outputFull { return all }
        }
    }
}
