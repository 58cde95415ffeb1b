internal import COpenSSL

/// The keys of session tickets: all workers share one, and a client may come back to any of them.
///
/// The newest encrypts, the two before it still decrypt: a ticket lives two turns of `rotate` at least.
@safe
package final class TicketKeys: @unchecked Sendable {
    /// Random bytes that a key is made of.
    package static let keyBytes = COSSL_TICKET_KEY_BYTES

    let pointer: OpaquePointer

    /// `key`: `keyBytes` bytes that nobody can guess. Nil when memory is out.
    package init?(_ key: [UInt8]) {
        precondition(key.count == Self.keyBytes)
        guard let pointer = unsafe cossl_tickets_new(key) else { return nil }
        unsafe self.pointer = pointer
    }

    deinit { unsafe cossl_tickets_free(self.pointer) }

    /// `key` encrypts from now on. Safe while connections use the old ones.
    package func rotate(_ key: [UInt8]) {
        precondition(key.count == Self.keyBytes)
        unsafe cossl_tickets_rotate(self.pointer, key)
    }
}
