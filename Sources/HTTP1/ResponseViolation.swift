/// The rule that a server's answer broke. Nothing of such an answer goes on to a client, who gets 502 instead; what was
/// already on its way is cut off.
package enum ResponseViolation: Error, Hashable, Sendable {
    // The head
    /// NUL and other bytes that stand in no head, or a line end that is not CRLF.
    case malformedLine
    case malformedStatusLine
    case unsupportedVersion
    case headTooLarge(bytesMax: Int)
    case tooManyFields(countMax: Int)
    case malformedField

    // What the fields say together
    case duplicateContentLength
    case invalidContentLength
    case contentLengthWithTransferEncoding
    case transferEncodingBeforeHTTP11
    case unsupportedTransferCoding

    // In the wrong place
    case unaskedSwitch
    case tooManyInterimAnswers(countMax: Int)
    case body(BodyViolation)
}

extension ResponseViolation {
    /// One line for the log. Contains nothing that the server sent.
    package var reason: String {
        switch self {
        case .malformedLine: "its head contains a byte or a line end that is not allowed there"
        case .malformedStatusLine: "its first line is not: HTTP/1.1, space, three digits"
        case .unsupportedVersion: "it does not speak HTTP/1.0 or HTTP/1.1"
        case .headTooLarge(let bytesMax): "its head is longer than \(bytesMax) bytes"
        case .tooManyFields(let countMax): "it has more than \(countMax) header fields"
        case .malformedField: "one of its lines is no header field"
        case .duplicateContentLength: "it has more than one Content-Length field"
        case .invalidContentLength: "its Content-Length is not a number of bytes"
        case .contentLengthWithTransferEncoding: "it has both Content-Length and Transfer-Encoding"
        case .transferEncodingBeforeHTTP11: "it has Transfer-Encoding and is no HTTP/1.1"
        case .unsupportedTransferCoding: "its Transfer-Encoding is not a single chunked"
        case .unaskedSwitch: "it switches protocols and was not asked to"
        case .tooManyInterimAnswers(let countMax): "more than \(countMax) interim answers"
        case .body(let violation): violation.reason
        }
    }
}

/// The rule that a body broke, in either direction. Where the next message begins is not known any more.
package enum BodyViolation: Error, Hashable, Sendable {
    case malformedChunkSize
    case chunkTooLarge
    case chunkExtensionTooLong(bytesMax: Int)
    /// The data of a chunk is not followed by CRLF.
    case chunkWithoutEnd
    case malformedTrailer
    case trailersTooLarge(bytesMax: Int)
    case tooManyTrailers(countMax: Int)
}

extension BodyViolation {
    /// One line for an answer and for the log.
    package var reason: String {
        switch self {
        case .malformedChunkSize: "the size of a chunk is not hexadecimal digits and a line end"
        case .chunkTooLarge: "the size of a chunk is beyond all bounds"
        case .chunkExtensionTooLong(let bytesMax): "an extension of a chunk is longer than \(bytesMax) bytes"
        case .chunkWithoutEnd: "a chunk is longer than its size says"
        case .malformedTrailer: "what follows the last chunk is no trailer field"
        case .trailersTooLarge(let bytesMax): "the trailer fields are longer than \(bytesMax) bytes"
        case .tooManyTrailers(let countMax): "more than \(countMax) trailer fields"
        }
    }
}
