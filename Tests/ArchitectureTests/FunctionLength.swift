/// Finds functions, initializers and computed accessors and counts their lines, by braces.
enum FunctionLength {
    struct Function: Equatable {
        /// From one.
        let line: Int
        let lines: Int
    }

    static func measure(_ file: SourceFile) -> [Function] {
        var found: [Function] = []
        var depth = 0
        var waiting: Int?
        var open: [(line: Int, depth: Int)] = []
        for (index, code) in file.code.enumerated() {
            if Self.begins(code) { waiting = index + 1 }
            for character in code {
                if character == "{" {
                    depth += 1
                    if let line = waiting {
                        open.append((line, depth))
                        waiting = nil
                    }
                } else if character == "}" {
                    // What had no body was a requirement of a protocol.
                    waiting = nil
                    if let last = open.last, last.depth == depth {
                        open.removeLast()
                        found.append(Function(line: last.line, lines: index + 2 - last.line))
                    }
                    depth -= 1
                }
            }
        }
        return found
    }

    private static func begins(_ code: String) -> Bool {
        let words = code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return words.contains("func") || words.contains("init") && !code.contains(".init") || words.first == "deinit"
    }
}
