internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import StaticFiles
internal import SystemCalls

/// A file on its way to a client: a piece a turn, and only what the client takes.
final class FileDelivery: ExchangeHandler {
    /// Bytes that go out with the head, read and not sent from the file: all of a small file, the beginning of a large
    /// one. Below 64 KiB copying is cheaper than a second system call and a second packet.
    private static let smallBytesMax = 64 << 10
    private static let startBytesMax = 16 << 10
    /// Bytes a turn. A disk that has to be waited for is waited for this long at most.
    private static let turnBytesMax = 256 << 10
    /// Bytes of one read where sendfile(2) is no use: four records of TLS.
    private static let readBytesMax = 64 << 10

    /// Why a file could not be sent to its end.
    enum Trouble {
        /// It became shorter meanwhile.
        case truncated
        case failed(Errno)
    }

    private let file: Descriptor
    private var parts: ArraySlice<FileAnswer.Part>
    /// Nil: it is over.
    private var exchange: Exchange?
    private let loop: any EventLoop
    private let report: (Trouble) -> Void
    /// It goes on at the end of the next turn by itself.
    private var isScheduled = false

    init(
        _ parts: [FileAnswer.Part], of file: consuming Descriptor, loop: any EventLoop,
        report: @escaping (Trouble) -> Void
    ) {
        self.file = file
        self.parts = parts[...]
        self.loop = loop
        self.report = report
    }

    /// Answers with these lines, as `Exchange.begin` wants them, and, unless only they were asked for, the parts.
    func begin(_ exchange: Exchange, _ lines: [UInt8], _ more: [UInt8] = []) {
        if exchange.head.method == "HEAD" { self.parts = [] }
        let length = Int(clamping: self.parts.reduce(0) { $0 + $1.count })
        self.exchange = exchange
        exchange.handle(by: self)
        exchange.begin(prepared: lines, more, content: length) { self.start(&$0, of: length) }
        self.proceed()
    }

    /// Reads the beginning of the body into the room behind the head.
    private func start(_ room: inout MutableSpan<UInt8>, of length: Int) -> Int {
        guard case .file(let range)? = self.parts.first else { return 0 }
        let startMax = length <= Self.smallBytesMax ? Self.smallBytesMax : Self.startBytesMax
        let count = min(room.count, startMax, Int(clamping: range.count))
        var window = room._mutatingExtracting(0..<count)
        guard case .moved(let moved) = FileTransfer.read(self.file, from: range.lowerBound, into: &window, at: 0)
        else { return 0 }
        self.passed(moved)
        return moved
    }

    func answerAdvanced() {
        guard !self.isScheduled else { return }
        self.proceed()
    }

    func clientLeft() { self.exchange = nil }

    /// Whoever has asked for a file may end their direction and wait.
    var attendsClient: Bool { false }

    /// Sends until the client takes no more, or the turn's budget is used up.
    private func proceed() {
        guard let exchange = self.exchange else { return }
        var budget = Self.turnBytesMax
        while let part = self.parts.first {
            guard exchange.unsentCount == 0 else { return }
            guard budget > 0 else { return self.schedule() }
            switch part {
            case .bytes(let bytes):
                exchange.send(bytes.span)
                self.parts.removeFirst()
            case .file(let range):
                let count = min(budget, Int(clamping: range.count))
                guard let moved = self.send(from: range.lowerBound, count: count, exchange) else { return }
                budget -= moved
                self.passed(moved)
                // The stream tells when there is room again.
                if moved < count, exchange.unsentCount == 0, self.usesSendfile { return }
            }
        }
        self.finish()
    }

    /// True as long as the stream sends from the file by itself.
    private var usesSendfile = true

    /// How many bytes went; nil when none can go now, or none will go any more.
    private func send(from offset: Int64, count: Int, _ exchange: Exchange) -> Int? {
        switch exchange.sendFile(self.file, from: offset, count: count) {
        case .moved(let moved)?: return moved
        case .notReady?: return nil
        case .ended?: return self.abort(.truncated)
        case .failed(let error)?: return self.abort(.failed(error))
        case nil: break
        }
        self.usesSendfile = false
        var result: Transfer = .notReady
        self.loop.withScratch { scratch in
            var window = scratch._mutatingExtracting(0..<min(count, Self.readBytesMax, scratch.count))
            result = FileTransfer.read(self.file, from: offset, into: &window, at: 0)
            if case .moved(let moved) = result { exchange.send(window.span.extracting(0..<moved)) }
        }
        switch result {
        case .moved(let moved): return moved
        case .notReady: return nil
        case .ended: return self.abort(.truncated)
        case .failed(let error): return self.abort(.failed(error))
        }
    }

    /// `count` bytes of the first part are with the stream.
    private func passed(_ count: Int) {
        guard case .file(let range)? = self.parts.first else { return }
        let rest = range.lowerBound + Int64(count)..<range.upperBound
        if rest.isEmpty { self.parts.removeFirst() } else { self.parts[self.parts.startIndex] = .file(rest) }
    }

    private func schedule() {
        self.isScheduled = true
        self.loop.atNextTurn {
            self.isScheduled = false
            self.proceed()
        }
    }

    private func finish() {
        let exchange = self.exchange
        self.exchange = nil
        exchange?.finish()
    }

    private func abort(_ trouble: Trouble) -> Int? {
        self.report(trouble)
        let exchange = self.exchange
        self.exchange = nil
        exchange?.abort()
        return nil
    }
}
