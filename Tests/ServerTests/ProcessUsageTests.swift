import SystemCalls
import Testing

@Suite struct ProcessUsageTests {
    @Test func theKernelTellsWhatWeHold() throws {
        let before = ProcessUsage.read()
        #expect(before.residentBytes > 1 << 20 && before.virtualBytes > before.residentBytes)
        #expect(before.descriptorsOpen > 2 && before.descriptorsMax >= before.descriptorsOpen)
        // Other tests open and close some meanwhile.
        let many = 200
        let sockets = try (0..<many).map { _ in
            try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false).release()
        }
        let after = ProcessUsage.read()
        for socket in sockets { _ = Descriptor(owning: socket) }
        #expect(after.descriptorsOpen >= before.descriptorsOpen + UInt64(many) / 2)
    }

    @Test func timeIsUsed() {
        let (thread, process) = (Clock.thread, Clock.process)
        #expect(thread > 0 && process >= thread)
        var sum = 0
        while Clock.thread == thread { sum &+= 1 }
        #expect(Clock.process > process)
    }
}
