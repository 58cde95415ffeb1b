/// A rule of the framing that a client's message or a program's output broke.
package enum RecordViolation: Error, Equatable {
    case innerNewline
    case innerNull
    case recordTooLong(bytesMax: Int)
    case truncatedRecord
    case unknownMessageType(UInt8)
    case header(HeaderFault)

    /// What is wrong with a `content-length` header block.
    package enum HeaderFault: Error, Equatable {
        case tooLong(bytesMax: Int)
        case malformed
        case lengthMissing
        case lengthRepeated
    }
}

extension RecordViolation {
    /// Says it in one short sentence, fit for a close frame (far below 123 bytes) and for a log line.
    package var reason: String {
        switch self {
        case .innerNewline: "newline inside a message"
        case .innerNull: "NUL inside a message"
        case .recordTooLong(let bytesMax): "record longer than \(bytesMax) bytes"
        case .truncatedRecord: "output ended inside a record"
        case .unknownMessageType(let type): "record with unknown message type \(type)"
        case .header(.tooLong(let bytesMax)): "record header longer than \(bytesMax) bytes"
        case .header(.malformed): "malformed record header"
        case .header(.lengthMissing): "record header without Content-Length"
        case .header(.lengthRepeated): "record header with more than one Content-Length"
        }
    }
}
