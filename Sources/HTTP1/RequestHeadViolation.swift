/// The rule that a request head broke. The connection is closed after the answer: where the next request
/// begins is not known any more.
package enum RequestHeadViolation: Error, Hashable, Sendable {
    // Bytes and lines
    case tlsOnPlainConnection
    case nulByte
    case invalidByte(UInt8)
    case bareCarriageReturn
    case bareLineFeed
    case tooManyEmptyLines

    // The request line
    case requestLineTooLong(bytesMax: Int)
    case malformedRequestLine
    case invalidMethod
    case unsupportedVersion
    case invalidTarget
    case connectMethod

    // Field lines
    case headerTooLarge(bytesMax: Int)
    case tooManyFields(countMax: Int)
    case foldedLine
    case missingColon
    case spaceBeforeColon
    case invalidFieldName

    // What the fields say together
    case missingHost
    case duplicateHost
    case invalidHost
    case hostDiffersFromTarget
    case duplicateContentLength
    case invalidContentLength
    case contentLengthWithTransferEncoding
    case transferEncodingBeforeHTTP11
    case invalidTransferEncoding
    case unsupportedTransferCoding
}
