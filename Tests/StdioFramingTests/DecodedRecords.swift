import StdioFraming

/// What a decoder made of an output that arrived in given inputs.
struct DecodedRecords: Equatable {
    var messages: [Message] = []
    var violation: RecordViolation?
    /// Records that could be sent from where they lay.
    var wholeCount = 0

    struct Message: Equatable, CustomStringConvertible {
        var kind: MessageKind
        var payload: [UInt8]
        var description: String {
            "\(self.kind.name) \(String(decoding: self.payload, as: UTF8.self).debugDescription)"
        }
    }

    /// Only what must not depend on how the output was cut.
    var outcome: String { "\(self.messages) \(self.violation.map { "\($0)" } ?? "end")" }
}

/// The options of a decoder under test.
struct DecoderOptions {
    var framing: Framing
    var kind: MessageKind?
    var bytesMax = 64
    var longRecord = LongRecord.close

    /// `renews`: with a new decoder wherever the old one is between records, as sessions do.
    func decode(_ inputs: [[UInt8]], ends: Bool = true, renews: Bool = false) -> DecodedRecords {
        let fresh = RecordDecoder(
            framing: self.framing, kind: self.kind, recordBytesMax: self.bytesMax, longRecord: self.longRecord
        )
        var decoder = fresh
        var result = DecodedRecords()
        var open: DecodedRecords.Message?
        func collect(_ piece: RecordPiece, _ input: [UInt8]) {
            precondition(piece.begins == (open == nil), "a piece begins exactly where none is open")
            var message = open ?? .init(kind: piece.kind, payload: [])
            for index in 0..<piece.carried.count { message.payload.append(piece.carried[index]) }
            message.payload += input[piece.range]
            if piece.isWhole { result.wholeCount += 1 }
            open = piece.ends ? nil : message
            if piece.ends { result.messages.append(message) }
        }
        do throws(RecordViolation) {
            for input in inputs {
                var offset = 0
                while let piece = try decoder.next(input.span, at: &offset) { collect(piece, input) }
                precondition(offset == input.count, "an input is used up")
                if renews, decoder.isBetweenRecords { decoder = fresh }
            }
            if ends { while let piece = try decoder.finish() { collect(piece, []) } }
        } catch {
            result.violation = error
        }
        return result
    }
}

/// All ways to cut `bytes` once, then all single bytes: every state of a decoder meets the end of an input.
func cuts(_ bytes: [UInt8]) -> [[[UInt8]]] {
    (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
}
