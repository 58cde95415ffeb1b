internal import WebSocket

/// What happens once a message on the side of the WebSocket.
enum FrameBenchmarks {
    /// What one read of the server takes at most.
    private static let windowBytes = 256 << 10
    private static let limits = MessageLimits(frameBytesMax: 16 << 20, messageBytesMax: 16 << 20)

    static func all() -> [Benchmark] {
        let small = ClientFrames(count: 16, payload: Samples.ascii(64))
        let large = ClientFrames(count: 1, payload: Samples.ascii(16 << 10))
        let huge = ClientFrames(count: 1, payload: Samples.ascii(1 << 20))
        return [
            Self.decode("64-B-x16", small), Self.decode("16-KiB", large), Self.decode("1-MiB", huge),
            Self.follow("64-B-x16", small), Self.follow("16-KiB", large), Self.follow("1-MiB", huge),
            Self.validate("ascii-16-KiB", Samples.ascii(16 << 10)),
            Self.validate("mixed-16-KiB", Samples.mixed(16 << 10)),
        ]
    }

    /// Reads frames as the pump of a session does: whole ones by the short way, else piece by piece, each unmasked
    /// where it lies and checked as UTF-8.
    private static func decode(_ name: String, _ frames: ClientFrames) -> Benchmark {
        Benchmark(
            "websocket/frames/\(name)", bytes: frames.payloadBytes, gives: frames.payloadBytes,
            on: { frames.windows(of: Self.windowBytes, headroom: FrameReader.heldBytesMax) }
        ) { windows in
            var reader = FrameReader()
            var payloadBytes = 0
            for index in windows.indices {
                var window = windows[index].mutableSpan
                payloadBytes += try Self.read(&window, &reader)
            }
            return payloadBytes
        }
    }

    private static func read(
        _ window: inout MutableSpan<UInt8>, _ reader: inout FrameReader
    ) throws(ProtocolViolation) -> Int {
        var payloadBytes = 0
        var offset = reader.begin(&window, at: FrameReader.heldBytesMax)
        while offset < window.count {
            if !reader.isWithinMessage, let frame = FrameReader.wholeFrame(window, at: offset, limits: Self.limits) {
                try FrameReader.transfer(frame, in: &window, to: frame.offset)
                offset = frame.offset + frame.count
                payloadBytes += frame.count
            } else if case .piece(let piece) = try reader.next(&window, at: &offset, limits: Self.limits) {
                try reader.transfer(piece, in: &window, to: piece.offset)
                offset = piece.offset + piece.count
                payloadBytes += piece.count
            }
        }
        return payloadBytes
    }

    /// Follows them as a tunnel does, which looks at headers only: bytes a second would say nothing.
    private static func follow(_ name: String, _ frames: ClientFrames) -> Benchmark {
        Benchmark(
            "websocket/follower/\(name)", gives: frames.count,
            on: { frames.windows(of: Self.windowBytes, headroom: FrameReader.heldBytesMax) }
        ) { windows in
            var follower = FrameFollower()
            for index in windows.indices {
                var window = windows[index].mutableSpan
                let begin = follower.begin(&window, at: FrameReader.heldBytesMax)
                _ = follower.follow(window, from: begin)
            }
            return follower.takeCount().messages
        }
    }

    private static func validate(_ name: String, _ text: [UInt8]) -> Benchmark {
        Benchmark("websocket/utf8/\(name)", bytes: text.count, gives: 1) {
            var validator = UTF8Validator()
            return validator.consume(text.span) && validator.isAtBoundary ? 1 : 0
        }
    }
}
