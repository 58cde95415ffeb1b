package import Addresses
package import HTTPSemantics

/// What becomes of requests and answers of a route on their way through.
package struct ForwardingRules: Sendable, Equatable {
    /// Which Host the server is told.
    package enum HostChoice: Sendable, Equatable {
        /// The client's, with its port: applications make links of it and compare Origin with it.
        case client
        /// The server's own, as configured.
        case server
        /// This one.
        case named(String)
    }

    package var host = HostChoice.client
    /// Taken off the front of a path; nil: nothing. Begins with `/` and does not end with it.
    package var strippedPrefix: String?
    /// What the front of a path becomes; the first that fits.
    package var rewrites: [PathRewrite] = []
    package var requestEdits: [FieldEdit] = []
    package var responseEdits: [FieldEdit] = []
    /// Whose word on forwarded addresses, schemes and hosts is believed.
    package var trustedProxies: [AddressBlock] = []

    package init() {}

    /// Whether a peer is one whose word is believed; `nil` is one without an address, on a unix socket.
    func trusts(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return self.trustedProxies.contains { $0.contains(address) }
    }
}

/// A path that begins with one thing begins with another behind us. Both begin with `/` and do not end with it.
package struct PathRewrite: Sendable, Equatable {
    package var from: String
    package var to: String

    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}

/// A change of header fields, by the operator.
package enum FieldEdit: Sendable, Equatable {
    /// In place of all fields of that name.
    case set(String, FieldValue)
    /// Besides them.
    case add(String, FieldValue)
    case remove(String)

    package var name: String {
        switch self {
        case .set(let name, _), .add(let name, _), .remove(let name): name
        }
    }
}

extension HeaderFields {
    /// Removes what `edits` remove or put something else in place of.
    mutating func remove(allThat edits: [FieldEdit]) {
        for edit in edits {
            switch edit {
            case .set(let name, _), .remove(let name): self.removeAll(name)
            case .add: break
            }
        }
    }

    mutating func apply(_ edits: [FieldEdit]) {
        for edit in edits {
            switch edit {
            case .set(let name, let value): self.set(name, value)
            case .add(let name, let value): self.append(name, value)
            case .remove(let name): self.removeAll(name)
            }
        }
    }
}

/// Who sent a request, as far as the server behind is told.
package struct Requester: Sendable, Equatable {
    /// Nil: it came by a unix socket.
    package var address: IPAddress?
    package var isTLS: Bool

    package init(address: IPAddress?, isTLS: Bool) {
        self.address = address
        self.isTLS = isTLS
    }
}
