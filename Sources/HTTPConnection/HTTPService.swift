package import HTTPSemantics

/// Answers exchanges. It may answer within the call or later, on the same thread, and must do so exactly once.
package protocol HTTPService: AnyObject {
    func serve(_ exchange: Exchange)
    /// What says in answers when they were made; nil: who has no clock says nothing.
    var dateStamp: DateStamp? { get }
    /// A request was refused before it became an exchange: for the log.
    func refused(_ client: ClientConnection, _ status: Status, _ reason: String)
}

extension HTTPService {
    package var dateStamp: DateStamp? { nil }
}

extension HTTPConnection {
    /// Says when an answer was made, or when one that does not say it came by (RFC 9110 section 6.6.1).
    func stamp(_ fields: inout HeaderFields) {
        guard let stamp = self.service.dateStamp, !fields.contains("Date") else { return }
        fields.append("Date", stamp.value)
    }
}
