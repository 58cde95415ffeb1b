/// The certificates of a listener, the first the default, each found by the name that a client asks for (SNI). A name
/// may have one for each kind of key, as EC and RSA: the client gets the one that it can verify.
///
/// Immutable and shared by all workers: to change a certificate a new set is built, which new connections take, while
/// those that live keep theirs.
package final class ServerContexts: Sendable {
    let fallback: TLSContext
    /// SHA-256 of the default certificate.
    package let fingerprint: Fingerprint
    /// Names with a certificate, for messages.
    package let names: [String]

    /// One certificate with what it is good for.
    private struct Built {
        let identity: TLSIdentity
        let context: TLSContext
        let names: [String]
    }

    private init(_ fallback: TLSContext, fingerprint: [UInt8]?, names: [String]) {
        self.fallback = fallback
        self.names = names
        self.fingerprint = Fingerprint(digest: fingerprint ?? [])
    }

    /// A set, unless one of the diagnostics is an error; all of them are found at once. `now`: seconds since 1970.
    package static func build(
        _ identities: [TLSIdentity], _ settings: TLSSettings, tickets: TicketKeys, now: Int64
    ) -> (contexts: ServerContexts?, diagnostics: [TLSDiagnostic]) {
        precondition(!identities.isEmpty, "a server answers as somebody")
        var diagnostics: [TLSDiagnostic] = []
        var built: [Built] = []
        for identity in identities {
            do throws(TLSDiagnostic) {
                let context = try TLSContext(settings, isClient: false, tickets: tickets)
                try context.use(identity)
                diagnostics += Self.warnings(context, identity, now: now)
                let names = (identity.names ?? context.certificateNames).map { $0.lowercased() }
                built.append(Built(identity: identity, context: context, names: names))
            } catch {
                // Settings are the same for all of them.
                if !diagnostics.contains(error) { diagnostics.append(error) }
            }
        }
        diagnostics += Self.shadowed(built)
        guard !diagnostics.contains(where: \.isError), !built.isEmpty else { return (nil, diagnostics) }
        do throws(TLSDiagnostic) {
            let joined = try Self.join(built) { () throws(TLSDiagnostic) in
                try TLSContext(settings, isClient: false, tickets: tickets)
            }
            return (joined, diagnostics)
        } catch {
            return (nil, diagnostics + [error])
        }
    }

    /// Each name leads to a context with all the certificates that it has; several names may share one.
    private static func join(
        _ built: [Built], _ makeContext: () throws(TLSDiagnostic) -> TLSContext
    ) throws(TLSDiagnostic) -> ServerContexts {
        var contexts: [[Int]: TLSContext] = [:]
        for (index, one) in built.enumerated() { contexts[[index]] = one.context }
        func context(of choice: [Int]) throws(TLSDiagnostic) -> TLSContext {
            if let known = contexts[choice] { return known }
            let context = try makeContext()
            for index in choice { try context.use(built[index].identity) }
            contexts[choice] = context
            return context
        }
        // Clients that name nobody, or nobody whom we know, are served as the first name of the first is.
        let usual = built[0].names.first.map { Self.choice(for: $0, among: built) } ?? [0]
        let fallback = try context(of: usual)
        let names = Set(built.flatMap(\.names)).sorted()
        for name in names {
            let choice = Self.choice(for: name, among: built)
            // A context that held itself would never end; it is the default anyway.
            if choice != usual { try fallback.addName(name, try context(of: choice)) }
        }
        return ServerContexts(fallback, fingerprint: built[0].context.fingerprint, names: names)
    }

    /// Which certificates a name has: of each kind of key the first.
    private static func choice(for name: String, among built: [Built]) -> [Int] {
        var kinds: Set<CInt> = []
        return built.indices.filter { index in
            built[index].names.contains(name) && kinds.insert(built[index].context.keyKind).inserted
        }
    }

    /// Certificates that some of their names do not lead to, because of one before.
    private static func shadowed(_ built: [Built]) -> [TLSDiagnostic] {
        built.enumerated().flatMap { index, late -> [TLSDiagnostic] in
            var left = late.names
            return built[..<index].compactMap { early in
                guard early.context.keyKind == late.context.keyKind else { return nil }
                let names = left.filter(early.names.contains)
                left.removeAll(where: names.contains)
                let (file, other) = (late.identity.chain.name, early.identity.chain.name)
                return names.isEmpty ? nil : .shadowed(file: file, names: names, by: other)
            }
        }
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
