package import HTTPSemantics

extension RequestHeadViolation {
    /// The status of the answer.
    package var status: Status {
        switch self {
        case .requestLineTooLong:
            .uriTooLong
        case .headerTooLarge, .tooManyFields:
            .requestHeaderFieldsTooLarge
        case .unsupportedVersion:
            .httpVersionNotSupported
        case .connectMethod, .unsupportedTransferCoding:
            .notImplemented
        case .tlsOnPlainConnection, .nulByte, .invalidByte, .bareCarriageReturn, .bareLineFeed,
            .tooManyEmptyLines, .malformedRequestLine, .invalidMethod, .invalidTarget, .foldedLine,
            .missingColon, .spaceBeforeColon, .invalidFieldName, .missingHost, .duplicateHost, .invalidHost,
            .hostDiffersFromTarget, .duplicateContentLength, .invalidContentLength,
            .contentLengthWithTransferEncoding, .transferEncodingBeforeHTTP11, .invalidTransferEncoding:
            .badRequest
        }
    }

    /// One line for the body of the answer and for the log. Contains nothing that the client sent.
    package var reason: String {
        switch self {
        case .tlsOnPlainConnection: "this port speaks plain HTTP, and the client began a TLS handshake"
        case .nulByte: "the request head contains a NUL byte"
        case .invalidByte(let byte): "the request head contains the byte \(byte), which is not allowed there"
        case .bareCarriageReturn: "a carriage return without a line feed"
        case .bareLineFeed: "a line feed without a carriage return"
        case .tooManyEmptyLines: "too many empty lines in front of the request"
        case .requestLineTooLong(let bytesMax): "the request line is longer than \(bytesMax) bytes"
        case .malformedRequestLine: "the request line is not: method, space, target, space, HTTP/1.1"
        case .invalidMethod: "the method is not a token"
        case .unsupportedVersion: "only HTTP/1.0 and HTTP/1.1 are spoken here"
        case .invalidTarget: "the request target is neither a path nor an http URL"
        case .connectMethod: "CONNECT is not offered: this is no forward proxy"
        case .headerTooLarge(let bytesMax): "the header fields are longer than \(bytesMax) bytes"
        case .tooManyFields(let countMax): "more than \(countMax) header fields"
        case .foldedLine: "a header line begins with white space (obsolete line folding)"
        case .missingColon: "a header line has no colon"
        case .spaceBeforeColon: "white space between a header name and its colon"
        case .invalidFieldName: "a header name is not a token"
        case .missingHost: "the Host field is missing"
        case .duplicateHost: "more than one Host field"
        case .invalidHost: "the Host field is not a host name or address with an optional port"
        case .hostDiffersFromTarget: "the Host field differs from the host in the request target"
        case .duplicateContentLength: "more than one Content-Length field"
        case .invalidContentLength: "the Content-Length is not a number of bytes"
        case .contentLengthWithTransferEncoding: "both Content-Length and Transfer-Encoding"
        case .transferEncodingBeforeHTTP11: "Transfer-Encoding in a request before HTTP/1.1"
        case .invalidTransferEncoding: "the Transfer-Encoding does not end in a single chunked"
        case .unsupportedTransferCoding: "no transfer coding but chunked is understood"
        }
    }
}
