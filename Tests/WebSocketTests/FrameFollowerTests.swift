import Testing
import WebSocket

/// One direction of a connection, followed in pieces as the network cuts it.
private struct Followed: Equatable {
    var passed: [UInt8] = []
    var messages = 0
    var payloadBytes = 0
    var stop = FrameFollower.Stop.end
    var closeCode: UInt16?
    var isAtBoundary = true

    init(_ wire: [UInt8], cuts: [Int], messageBytesMax: UInt64 = .max) {
        var follower = FrameFollower()
        var start = 0
        for end in cuts + [wire.count] {
            // What a follower holds goes in front of what comes next.
            var bytes = [UInt8](repeating: 0xEE, count: 16) + wire[start..<end]
            var window = bytes.mutableSpan
            let begin = follower.begin(&window, at: 16)
            let (stopped, stop) = follower.follow(window, from: begin, messageBytesMax: messageBytesMax)
            for index in begin..<stopped { self.passed.append(window[index]) }
            let count = follower.takeCount()
            self.messages += count.messages
            self.payloadBytes += count.payloadBytes
            self.stop = stop
            if stop != .end { break }
            start = end
        }
        self.closeCode = follower.closeCode?.rawValue
        self.isAtBoundary = follower.isAtBoundary
    }
}

@Suite struct FrameFollowerTests {
    /// first byte, masked or not, payload
    private static func frame(_ first: UInt8, _ payload: [UInt8], key: [UInt8]? = [1, 2, 3, 4]) -> [UInt8] {
        let bit: UInt8 = key == nil ? 0 : 0x80
        let count = payload.count
        var bytes = [first]
        if count < 126 {
            bytes.append(bit | UInt8(count))
        } else if count < 65_536 {
            bytes += [bit | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        } else {
            bytes += [bit | 127, 0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
        }
        bytes += key ?? []
        return bytes + payload.enumerated().map { index, byte in byte ^ (key?[index % 4] ?? 0) }
    }

    private static let text = Array("hello".utf8)

    @Test(arguments: [true, false])
    func everyCutIsFollowedAlike(_ isMasked: Bool) {
        let key: [UInt8]? = isMasked ? [9, 8, 7, 6] : nil
        let wire =
            Self.frame(0x81, Self.text, key: key) + Self.frame(0x82, [], key: key)
            + Self.frame(0x01, Self.text, key: key) + Self.frame(0x89, Self.text, key: key)
            + Self.frame(0x80, Self.text, key: key) + Self.frame(0xC2, [UInt8](repeating: 7, count: 300), key: key)
            + Self.frame(0x88, [0x0F, 0xA1] + Self.text, key: key)
        let whole = Followed(wire + [1, 2, 3], cuts: [])
        #expect(whole.passed == wire)
        #expect(whole.messages == 4)
        #expect(whole.payloadBytes == 15 + 300)
        #expect(whole.stop == .closed)
        #expect(whole.closeCode == 4001)
        for cut in wire.indices { #expect(Followed(wire + [1, 2, 3], cuts: [cut]) == whole, "cut at \(cut)") }
        #expect(Followed(wire + [1, 2, 3], cuts: Array(wire.indices)) == whole, "byte by byte")
    }

    @Test func aLargeFrameIsOneMessage() {
        let wire = Self.frame(0x82, [UInt8](repeating: 1, count: 70_000))
        let followed = Followed(wire, cuts: [1, 5, 9, 13, 20, 60_000])
        #expect(followed.passed == wire)
        #expect(followed.messages == 1)
        #expect(followed.isAtBoundary)
    }

    /// Nothing of the frame that is too much has gone on, however it came.
    @Test func messagesAreBoundedOverTheirFragments() {
        let good = Self.frame(0x01, Self.text) + Self.frame(0x89, Self.text)
        let wire = good + Self.frame(0x80, Self.text + [1])
        for cut in wire.indices {
            let followed = Followed(wire, cuts: [cut], messageBytesMax: 10)
            #expect(followed.passed == good, "cut at \(cut)")
            #expect(followed.stop == .tooLarge, "cut at \(cut)")
            #expect(followed.isAtBoundary, "cut at \(cut)")
        }
        #expect(Followed(wire, cuts: [], messageBytesMax: 11).passed == wire)
    }

    @Test func lengthsBeyondAllBoundsAreFollowed() {
        let wire: [UInt8] = [0x82, 127] + [UInt8](repeating: 0xFF, count: 8) + [1, 2, 3]
        #expect(Followed(wire, cuts: []).passed == wire)
        #expect(Followed(wire + wire, cuts: [5], messageBytesMax: 1 << 20).stop == .tooLarge)
    }

    @Test func itStopsBetweenTwoFramesWhenAskedTo() {
        let frame = Self.frame(0x81, Self.text)
        var follower = FrameFollower()
        var bytes = [UInt8](repeating: 0, count: 16) + frame[..<8]
        var window = bytes.mutableSpan
        let first = follower.follow(window, from: 16)
        #expect(first.end == 24)
        #expect(!follower.isAtBoundary)
        bytes = [UInt8](repeating: 0, count: 16) + frame[8...] + frame
        window = bytes.mutableSpan
        let (end, stop) = follower.follow(window, from: follower.begin(&window, at: 16), stopsAtBoundary: true)
        #expect(stop == .boundary)
        #expect(end == 16 + frame.count - 8)
        #expect(follower.isAtBoundary)
    }

    @Test func aCloseOfOursIsMasked() {
        let key: UInt32 = 0x0403_0201
        let close = CloseFrame(code: .goingAway, reason: "bye").encoded(maskedBy: key)
        #expect(close == Self.frame(0x88, [0x03, 0xE9] + Array("bye".utf8)))
    }
}
