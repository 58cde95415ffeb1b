import Dialing
import Glibc
import SimulatedIO
import Testing
import Upstreams

/// Token maps in real files, by a simulated clock.
@Suite struct TokenKeeperTests {
    private static let look = TokenKeeper.lookInterval

    /// A folder that goes when the test ends.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/wsbridge-tokens-XXXXXX".utf8CString)
            try #require(unsafe mkdtemp(&template) != nil)
            self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        func write(_ name: String, _ text: String) {
            guard let file = unsafe fopen("\(self.path)/\(name)", "w") else { return }
            unsafe fputs(text, file)
            unsafe fclose(file)
        }

        func remove(_ name: String) { unsafe unlink("\(self.path)/\(name)") }

        deinit {
            for name in ["a", "b", ".hidden"] { self.remove(name) }
            unsafe rmdir(self.path)
        }
    }

    private final class Events {
        var list: [TokenKeeper.Event] = []
    }

    let loop = SimulatedLoop()
    private let events = Events()
    private let folder: Folder

    init() throws { self.folder = try Folder() }

    private func keeper(_ name: String? = nil) throws -> TokenKeeper {
        let path = name.map { "\(self.folder.path)/\($0)" } ?? self.folder.path
        return try TokenKeeper(path, loop: self.loop) { [events] in events.list.append($0) }
    }

    @Test func aFileIsReadAgainWhenItHasChanged() throws {
        self.folder.write("a", "x: h:1\n")
        let keeper = try self.keeper("a")
        #expect(keeper.store.server(for: "x") == .host("h", port: 1))
        keeper.start()
        self.loop.advance(by: 3 * Self.look)
        #expect(self.events.list == [])
        self.folder.write("a", "x: h:22\ny: unix:/z\n")
        self.loop.advance(by: 3 * Self.look)
        #expect(self.events.list == [.reloaded(count: 2)])
        #expect(keeper.store.server(for: "x") == .host("h", port: 22))
        keeper.stop()
        #expect(self.loop.timerCount == 0)
    }

    @Test func aBrokenFileLeavesTheOldInPlace() throws {
        self.folder.write("a", "x: h:1\n")
        let keeper = try self.keeper("a")
        keeper.start()
        self.folder.write("a", "x: h:1\ny h:2\n")
        self.loop.advance(by: 5 * Self.look)
        let path = "\(self.folder.path)/a"
        let reason = "a token is printable ASCII without blanks"
        guard case .refused(let diagnostics) = self.events.list.first else {
            Issue.record("\(self.events.list)")
            return
        }
        #expect(diagnostics.map(\.description) == ["\(path):2:2: \(reason)"])
        #expect(self.events.list.count == 1, "it is told once")
        #expect(keeper.store.server(for: "x") == .host("h", port: 1))
        self.folder.remove("a")
        self.loop.advance(by: 5 * Self.look)
        #expect(self.events.list.count == 2)
        #expect(keeper.store.server(for: "x") == .host("h", port: 1))
        self.folder.write("a", "z: h:3\n")
        self.loop.advance(by: 5 * Self.look)
        #expect(self.events.list.last == .reloaded(count: 1))
        #expect(keeper.store.server(for: "x") == nil)
        keeper.stop()
    }

    @Test func aFolderIsOneMap() throws {
        self.folder.write("a", "x: h:1\n")
        self.folder.write(".hidden", "rubbish\n")
        let keeper = try self.keeper()
        keeper.start()
        self.folder.write("b", "y: h:2\n")
        self.loop.advance(by: 3 * Self.look)
        #expect(self.events.list == [.reloaded(count: 2)])
        self.folder.remove("a")
        self.loop.advance(by: 3 * Self.look)
        #expect(self.events.list == [.reloaded(count: 2), .reloaded(count: 1)])
        #expect(keeper.store.server(for: "y") == .host("h", port: 2))
        keeper.stop()
    }

    @Test func atStartMistakesAreErrors() throws {
        self.folder.write("a", "x\ny\n")
        #expect(throws: TokenKeeper.Failure.self) { try self.keeper("a") }
        #expect(TokenKeeper.check("\(self.folder.path)/a").count == 2)
        let missing = TokenKeeper.check("\(self.folder.path)/none").map(\.description)
        #expect(missing == ["\(self.folder.path)/none: cannot be read: no such file or directory"])
    }
}
