/// The certificates of a listener, the first the default, each found by the name that a client asks for (SNI).
///
/// Immutable and shared by all workers: to change a certificate a new set is built, which new connections take, while
/// those that live keep theirs.
package final class ServerContexts: Sendable {
    let fallback: TLSContext
    /// SHA-256 of the default certificate.
    package let fingerprint: Fingerprint
    /// Names with a certificate, for messages.
    package let names: [String]

    private init(_ fallback: TLSContext, names: [String]) {
        self.fallback = fallback
        self.names = names
        self.fingerprint = Fingerprint(digest: fallback.fingerprint ?? [])
    }

    /// A set, unless one of the diagnostics is an error; all of them are found at once. `now`: seconds since 1970.
    package static func build(
        _ identities: [TLSIdentity], _ settings: TLSSettings, tickets: TicketKeys, now: Int64
    ) -> (contexts: ServerContexts?, diagnostics: [TLSDiagnostic]) {
        precondition(!identities.isEmpty, "a server answers as somebody")
        var diagnostics: [TLSDiagnostic] = []
        var built: [(context: TLSContext, names: [String])] = []
        for identity in identities {
            do throws(TLSDiagnostic) {
                let context = try TLSContext(settings, isClient: false, tickets: tickets)
                try context.use(identity)
                diagnostics += Self.warnings(context, identity, now: now)
                built.append((context, identity.names ?? context.certificateNames))
            } catch {
                // Settings are the same for all of them.
                if !diagnostics.contains(error) { diagnostics.append(error) }
            }
        }
        guard !diagnostics.contains(where: \.isError), let first = built.first else { return (nil, diagnostics) }
        do throws(TLSDiagnostic) {
            return (try Self.join(first.context, built), diagnostics)
        } catch {
            return (nil, diagnostics + [error])
        }
    }

    /// The first to have a name keeps it.
    private static func join(
        _ fallback: TLSContext, _ built: [(context: TLSContext, names: [String])]
    ) throws(TLSDiagnostic) -> ServerContexts {
        var known: Set<String> = []
        for (context, names) in built {
            for name in names where known.insert(name.lowercased()).inserted {
                // A context that held itself would never end; it is the default anyway.
                guard context !== fallback else { continue }
                try fallback.addName(name, context)
            }
        }
        return ServerContexts(fallback, names: known.sorted())
    }

    private static func warnings(_ context: TLSContext, _ identity: TLSIdentity, now: Int64) -> [TLSDiagnostic] {
        var warnings: [TLSDiagnostic] = []
        let file = identity.chain.name
        if let (from, until) = context.validity {
            if until < now { warnings.append(.expired(file: file, days: (now &- until) / 86_400)) }
            if from > now { warnings.append(.notYetValid(file: file, days: (from &- now) / 86_400 &+ 1)) }
        }
        if identity.names == nil, context.certificateNames.isEmpty { warnings.append(.noNames(file: file)) }
        return warnings
    }
}
