internal import Addresses
package import HTTPSemantics

/// A request as the server behind gets it.
package struct ForwardedRequest {
    /// What it is forwarded for.
    package enum Purpose: Equatable, Sendable {
        case exchange
        /// To become a WebSocket.
        case upgrade
    }

    /// The whole head as it goes on the wire.
    package let bytes: [UInt8]

    /// `server`: its name and port as configured.
    package init(
        _ head: RequestHead, as purpose: Purpose, from requester: Requester, to server: String,
        by rules: ForwardingRules
    ) {
        let ending = HopByHop(of: head.fields)
        let isOld = head.minorVersion == 0
        let wantsTrailers = !isOld && head.fields.lists("trailers", in: "TE")
        let hasLength = head.fields.contains("Content-Length")
        let ownHost = ending.includes("Host".utf8.span) ? nil : head.fields.only("Host")
        let clientHost =
            ownHost.flatMap { $0.bytes.isEmpty ? nil : $0 } ?? head.authority.map { FieldValue($0.description) }
        let isTrusted = rules.trusts(requester.address)
        var fields = head.fields
        fields.removeAll { name in
            ending.includes(name) || Self.isMadeAnew(name, isOld: isOld)
                || ForwardedFields.includes(name, keepsRest: isTrusted)
        }
        var before: HeaderFields = [:]
        if isTrusted {
            before = head.fields
            before.removeAll { ending.includes($0) }
        }
        let (path, prefix) = Self.path(head.path, rules)
        var added = ForwardedFields.about(requester, host: clientHost, strippedPrefix: prefix, behind: before)
        fields.remove(allThat: rules.requestEdits)
        added.apply(rules.requestEdits)

        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.usualBytes)
        bytes.append(copying: head.method)
        bytes.append(UInt8(ascii: " "))
        bytes.append(copying: path)
        if let query = head.query {
            bytes.append(UInt8(ascii: "?"))
            bytes.append(copying: query)
        }
        bytes.append(copying: " HTTP/1.1\r\nHost: ")
        switch rules.host {
        case .client: if let clientHost { bytes.append(copying: clientHost.bytes.span) }
        case .server: bytes.append(copying: server.hasPrefix("unix:") ? "localhost" : server)
        case .named(let name): bytes.append(copying: name)
        }
        bytes.append(copying: "\r\n")
        bytes.append(copying: Self.framing(head.body, hasLength: hasLength))
        switch purpose {
        // Some servers compare these words with their case.
        case .upgrade: bytes.append(copying: "Connection: Upgrade\r\nUpgrade: websocket\r\n")
        case .exchange where wantsTrailers: bytes.append(copying: "Connection: TE\r\nTE: trailers\r\n")
        case .exchange: break
        }
        fields.appendLines(to: &bytes)
        added.appendSection(to: &bytes)
        self.bytes = bytes
    }

    /// Most heads fit, so that the buffer does not grow bit by bit.
    private static let usualBytes = 1024

    /// A client of HTTP/1.0 could not be told to go on: what it expects ends here.
    private static func isMadeAnew(_ name: Span<UInt8>, isOld: Bool) -> Bool {
        switch name.count {
        case 4: name.equalsIgnoringCase("Host")
        case 6: isOld && name.equalsIgnoringCase("Expect")
        case 14: name.equalsIgnoringCase("Content-Length")
        case _: false
        }
    }

    private static func framing(_ body: RequestBody, hasLength: Bool) -> String {
        switch body {
        case .none: hasLength ? "Content-Length: 0\r\n" : ""
        case .length(let count): "Content-Length: \(count)\r\n"
        case .chunked: "Transfer-Encoding: chunked\r\n"
        }
    }

    /// The path that the server is asked for, and what was taken off its front.
    package static func path(_ path: String, _ rules: ForwardingRules) -> (path: String, prefix: String?) {
        var path = path
        var stripped: String?
        if let prefix = rules.strippedPrefix, let rest = Self.rest(of: path, behind: prefix) {
            path = rest.isEmpty ? "/" : String(rest)
            stripped = prefix
        }
        for rewrite in rules.rewrites {
            guard let rest = Self.rest(of: path, behind: rewrite.from) else { continue }
            return (rewrite.to + rest, stripped)
        }
        return (path, stripped)
    }

    /// `/api` is the front of `/api/x` and of `/api`, not of `/apiary`; what is empty is the front of every path.
    private static func rest(of path: String, behind prefix: String) -> Substring? {
        guard path.hasPrefix("/"), path.utf8.starts(with: prefix.utf8) else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...]
        return rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") ? rest : nil
    }
}
