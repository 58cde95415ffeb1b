import Buffers
import IOCore
import SimulatedIO
import SystemCalls
import TLSEngine
import Testing
import Transport

/// Both ends are TLS streams.
@Suite struct TLSClientStreamTests {
    private final class End: TLSHandshakeClient {
        weak var delegate: RecordingDelegate?
        var failure: TLSHandshakeFailure?

        func handshakeCompleted(_ stream: TLSStream) {
            let delegate = RecordingDelegate(stream)
            stream.delegate = delegate
            self.delegate = delegate
        }

        func handshakeFailed(_ failure: TLSHandshakeFailure) { self.failure = failure }
    }

    @Test(arguments: Seed.some(10))
    func bytesPassBothWays(_ seed: Seed) throws {
        let loop = SimulatedLoop(seed, faults: .rough)
        let workspace = TLSWorkspace(loop, plainAnswer: [])
        let (up, down) = (SimulatedPipe(), SimulatedPipe())
        let near = SimulatedStream(loop, kind: .socket, incoming: down, outgoing: up)
        let far = SimulatedStream(loop, kind: .socket, incoming: up, outgoing: down)
        let (client, server) = (End(), End())
        guard let clientEngine = TLSEngine(try #require(TLSHarness.clientContext), serverName: "localhost"),
            let serverEngine = TLSEngine(try #require(TLSHarness.contexts))
        else { return }
        let deadline = loop.now + TLSHarness.deadline
        let stream = TLSStream(over: near, clientEngine, workspace: workspace, client: client, deadline: deadline)
        _ = TLSStream(over: far, serverEngine, workspace: workspace, client: server, deadline: deadline)
        stream.connect()
        stream.drain()
        #expect(loop.run { client.delegate != nil && server.delegate != nil }, "\(seed)")
        let (clientEnd, serverEnd) = (try #require(client.delegate), try #require(server.delegate))
        let bytes = loop.generator.bytes(200_000)
        clientEnd.stream?.write(bytes.span)
        serverEnd.echoes = true
        serverEnd.answersEnd = true
        clientEnd.stream?.finishWriting()
        #expect(loop.run { clientEnd.hasEnded }, "\(seed)")
        #expect(clientEnd.heard == bytes, "\(seed)")
        clientEnd.stream?.close()
        serverEnd.stream?.close()
        loop.settle()
        #expect(loop.pool.bytesLent == 0, "\(seed)")
        #expect(loop.timerCount == 0, "\(seed)")
    }
}
