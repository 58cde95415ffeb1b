/// Takes comments and the insides of string literals out of Swift, line after line.
///
/// Good enough for house rules: interpolations are emptied with their strings, and regular expressions are not known.
struct CodeScanner {
    private enum Place: Equatable {
        case code
        case blockComment
        case longString(hashes: Int)
    }

    private var place = Place.code

    mutating func code(of line: Substring) -> String {
        var rest = line
        var code = ""
        while !rest.isEmpty {
            switch self.place {
            case .blockComment:
                guard let end = rest.firstRange(of: "*/") else { return code }
                rest = rest[end.upperBound...]
                self.place = .code
            case .longString(let hashes):
                let mark = "\"\"\"" + String(repeating: "#", count: hashes)
                guard let end = rest.firstRange(of: mark) else { return code }
                rest = rest[end.upperBound...]
                self.place = .code
                code += "\""
            case .code:
                if rest.hasPrefix("//") { return code }
                self.takeCode(&rest, &code)
            }
        }
        return code
    }

    private mutating func takeCode(_ rest: inout Substring, _ code: inout String) {
        let hashes = rest.prefix { $0 == "#" }.count
        let behindHashes = rest.dropFirst(hashes)
        if rest.hasPrefix("/*") {
            self.place = .blockComment
            rest = rest.dropFirst(2)
        } else if behindHashes.hasPrefix("\"\"\"") {
            self.place = .longString(hashes: hashes)
            code += "\""
            rest = behindHashes.dropFirst(3)
        } else if behindHashes.hasPrefix("\"") {
            code += "\"\""
            rest = Self.behindString(behindHashes.dropFirst(), hashes: hashes)
        } else {
            code.append(rest.removeFirst())
        }
    }

    /// What follows the closing quote; strings inside interpolations are passed over by counting parentheses.
    private static func behindString(_ text: Substring, hashes: Int) -> Substring {
        let guardMark = String(repeating: "#", count: hashes)
        var rest = text
        var depth = 0
        while !rest.isEmpty {
            if rest.hasPrefix("\\" + guardMark + "(") {
                depth += 1
                rest = rest.dropFirst(2 + hashes)
            } else if depth > 0 {
                let character = rest.removeFirst()
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                if character == "\"" { rest = Self.behindString(rest, hashes: 0) }
            } else if hashes == 0, rest.hasPrefix("\\") {
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("\"" + guardMark) {
                return rest.dropFirst(1 + hashes)
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }
}
