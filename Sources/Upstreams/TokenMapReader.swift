/// Reads files of lines `token: host:port` into one map; a target may be `unix:/path` too. Empty lines and lines that
/// begin with `#` say nothing.
package struct TokenMapReader: Sendable {
    /// Tokens in one map: some 10 MB.
    package static let tokensMax = 100_000
    /// Bytes of a token: what a path or a query comfortably holds.
    package static let tokenBytesMax = 128
    /// Mistakes that are told: who made more of them has seen enough.
    package static let diagnosticsMax = 20

    package private(set) var map = TokenMap()
    package private(set) var diagnostics: [TokenMapDiagnostic] = []
    /// Where each token was found, for duplicates.
    private var places: [String: (file: String, line: Int)] = [:]

    package init() {}

    /// Takes one file in; `name` is for messages.
    package mutating func read(_ bytes: [UInt8], name: String) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard self.diagnostics.count < Self.diagnosticsMax else { return }
            do throws(Mistake) {
                try self.read(line, file: name, line: index + 1)
            } catch {
                self.diagnostics.append(
                    TokenMapDiagnostic(
                        file: name, line: index + 1, column: error.position - line.startIndex + 1,
                        reason: error.reason))
            }
        }
    }

    /// What is wrong with a file as a whole.
    package mutating func note(_ reason: String, name: String) {
        guard self.diagnostics.count < Self.diagnosticsMax else { return }
        self.diagnostics.append(TokenMapDiagnostic(file: name, reason: reason))
    }

    private struct Mistake: Error {
        let position: Int
        let reason: String
    }

    private mutating func read(_ text: ArraySlice<UInt8>, file: String, line: Int) throws(Mistake) {
        let text = text.trimmed
        guard let first = text.first, first != UInt8(ascii: "#") else { return }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
            throw Mistake(position: text.startIndex, reason: "no colon; write token: host:port")
        }
        let token = try Self.token(text[..<colon])
        let target = text[text.index(after: colon)...].trimmed
        guard !target.isEmpty else { throw Mistake(position: text.endIndex, reason: "no server behind the token") }
        let server = try Self.server(target)
        if let place = self.places[token] {
            let reason = "the token is taken already: \(place.file):\(place.line)"
            throw Mistake(position: text.startIndex, reason: reason)
        }
        guard self.map.count < Self.tokensMax else {
            throw Mistake(position: text.startIndex, reason: "more than \(Self.tokensMax) tokens")
        }
        self.places[token] = (file, line)
        _ = self.map.add(token, server)
    }

    private static func token(_ text: ArraySlice<UInt8>) throws(Mistake) -> String {
        let token = text.trimmed
        guard !token.isEmpty else { throw Mistake(position: text.startIndex, reason: "no token before the colon") }
        if let position = token.firstIndex(where: { $0 <= 0x20 || $0 >= 0x7F }) {
            throw Mistake(position: position, reason: "a token is printable ASCII without blanks")
        }
        guard token.count <= Self.tokenBytesMax else {
            throw Mistake(position: token.startIndex, reason: "a token longer than \(Self.tokenBytesMax) bytes")
        }
        return String(decoding: token, as: UTF8.self)
    }

    private static func server(_ text: ArraySlice<UInt8>) throws(Mistake) -> UpstreamAddress {
        do throws(UpstreamAddressViolation) {
            return try UpstreamAddress(String(decoding: text, as: UTF8.self))
        } catch {
            throw Mistake(position: text.startIndex, reason: error.reason)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks at either end; a carriage return is one.
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { byte in
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
        }
        guard let first = self.firstIndex(where: { !isBlank($0) }), let last = self.lastIndex(where: { !isBlank($0) })
        else { return self[self.endIndex...] }
        return self[first...last]
    }
}
