import Testing
import WebSocket

/// Every state with every event.
@Suite struct ClosingHandshakeTests {
    enum Event: CaseIterable { case close, fail, received, receivedEmpty, lose }

    private static let ours = CloseFrame(code: .goingAway, reason: "bye")

    private static func theirs(_ payload: [UInt8]) throws -> CloseFrame { try CloseFrame(parsing: payload.span) }

    private static func apply(_ event: Event, to machine: inout ClosingHandshake) throws -> ClosingHandshake.Action? {
        switch event {
        case .close: return machine.close(Self.ours)
        case .fail: return machine.fail(CloseFrame(code: .protocolError))
        case .received: return machine.received(try Self.theirs([0x0F, 0xA0, 0x78]))
        case .receivedEmpty: return machine.received(try Self.theirs([]))
        case .lose:
            machine.lose()
            return nil
        }
    }

    struct Row: Sendable {
        let before: [Event]
        let event: Event
        let action: ClosingHandshake.Action?
        let state: ClosingHandshake.State
        let code: CloseCode
    }

    static let rows: [Row] = [
        Row(before: [], event: .close, action: .sendClose(ours, thenFinish: false), state: .awaitingReply,
            code: .goingAway),
        Row(before: [], event: .fail, action: .sendClose(CloseFrame(code: .protocolError), thenFinish: true),
            state: .finished, code: .protocolError),
        Row(before: [], event: .received,
            action: .sendClose(CloseFrame(code: CloseCode(rawValue: 4000)), thenFinish: true), state: .finished,
            code: CloseCode(rawValue: 4000)),
        Row(before: [], event: .lose, action: nil, state: .finished, code: .abnormal),
        Row(before: [.close], event: .close, action: ClosingHandshake.Action.none, state: .awaitingReply,
            code: .goingAway),
        Row(before: [.close], event: .fail, action: .finish, state: .finished, code: .goingAway),
        Row(before: [.close], event: .received, action: .finish, state: .finished, code: .goingAway),
        Row(before: [.close], event: .receivedEmpty, action: .finish, state: .finished, code: .goingAway),
        Row(before: [.close], event: .lose, action: nil, state: .finished, code: .goingAway),
        Row(before: [.fail], event: .lose, action: nil, state: .finished, code: .protocolError),
        Row(before: [.received], event: .lose, action: nil, state: .finished, code: CloseCode(rawValue: 4000)),
    ] + ([.close, .fail, .received, .receivedEmpty] as [Event]).flatMap { event in
        [
            Row(before: [.fail], event: event, action: ClosingHandshake.Action.none, state: .finished,
                code: .protocolError),
            Row(before: [.received], event: event, action: ClosingHandshake.Action.none, state: .finished,
                code: CloseCode(rawValue: 4000)),
            Row(before: [.lose], event: event, action: ClosingHandshake.Action.none, state: .finished,
                code: .abnormal),
        ]
    }

    @Test(arguments: rows) func everyTransition(_ row: Row) throws {
        var machine = ClosingHandshake()
        #expect(machine.isOpen)
        for event in row.before { _ = try Self.apply(event, to: &machine) }
        #expect(try Self.apply(row.event, to: &machine) == row.action)
        #expect(machine.state == row.state)
        #expect(machine.code == row.code)
        #expect(machine.isOpen == (row.state == .open))
    }

    @Test func aCloseWithoutACodeIsAnsweredWithoutOne() throws {
        var machine = ClosingHandshake()
        guard case .sendClose(let frame, thenFinish: true) = try Self.apply(.receivedEmpty, to: &machine) else {
            return #expect(Bool(false), "an answer was due")
        }
        #expect(frame.encoded == [0x88, 0])
        #expect(machine.code == .noStatus)
    }
}
