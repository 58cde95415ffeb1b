internal import Configuration
internal import SystemCalls
internal import TLSEngine

extension ClientContext {
    /// What Debian's ca-certificates makes, and other distributions have too.
    static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Throws what is wrong with the files of the plan.
    convenience init(_ plan: UpstreamTLSPlan) throws(TLSDiagnostic) {
        var settings = TLSSettings()
        settings.protocols = []
        settings.verification = .required(authorities: try Self.file(plan.authorities ?? Self.systemAuthorities))
        var identity: TLSIdentity?
        if let files = plan.certificate {
            identity = TLSIdentity(chain: try Self.file(files.chain), key: try Self.file(files.key))
        }
        try self.init(settings, identity: identity)
    }

    private static func file(_ path: String) throws(TLSDiagnostic) -> NamedBytes {
        do throws(Errno) {
            return NamedBytes(name: path, bytes: try FileContents(path).bytes)
        } catch {
            throw .unreadable(file: path, reason: error.description)
        }
    }
}
