internal import Configuration
internal import SystemCalls

extension ThisMachine {
    /// What to write where the program of a command is not there: a server, a port and a folder are no programs, and
    /// the directory where one stands is not in the PATH.
    static func wayOut(_ command: CommandPlan) -> String {
        let word = command.words.first ?? ""
        let place = command.workingDirectory.map { "\($0)/\(word)" } ?? word
        let scheme = word.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
        switch scheme {
        case "http", "https": return "write --proxy \(word) to forward to it"
        case "ws", "wss": return "wsbridge connect \(word) talks to it; --proxy forwards to a server"
        case _: break
        }
        if !word.isEmpty, FileSystem.obstacle(toEntering: place) == nil { return "write --static \(word) for a folder" }
        if !word.isEmpty, !word.contains("/"), FileStamp(place) != nil { return "write ./\(word) for the file here" }
        if UInt16(word) != nil { return "write --port \(word) for a port" }
        let colon = word.lastIndex(of: ":")
        if let colon, colon != word.startIndex, UInt16(word[word.index(after: colon)...]) != nil {
            return "write --tcp \(word) to connect to it"
        }
        return "name a program that is there and can be executed"
    }
}
