internal import Glibc

/// getaddrinfo(3): asks hosts(5), the name servers, or whatever nsswitch.conf(5) says. It waits: never on a worker's
/// thread.
package enum NameResolution {
    /// The addresses of a name in the order in which they are to be tried (RFC 6724), at most `addressesMax`, each with
    /// port 0. AI_ADDRCONFIG is not asked for: it would hide `::1` on a machine without IPv6 to the outside.
    package static func addresses(
        of name: String, addressesMax: Int
    ) throws(NameResolutionFailure) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let answer = unsafe getaddrinfo(name, nil, &hints, &first)
        guard answer == 0 else { throw NameResolutionFailure(code: answer) }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = unsafe first
        while let entry = unsafe next, addresses.count < addressesMax {
            if let address = unsafe Self.address(entry.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> SocketAddress? {
        guard let from = unsafe entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        let count = unsafe min(Int(entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: from, count: count))
        }
        return SocketAddress(storage)
    }
}

/// What getaddrinfo(3) said.
package struct NameResolutionFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let code: CInt

    /// There is no such name, whoever is asked; else nobody could be asked.
    package var isFinal: Bool {
        // EAI_NODATA hides behind _GNU_SOURCE: a name without addresses.
        self.code == EAI_NONAME || self.code == -5
    }

    /// As gai_strerror(3) has it, without the capital.
    package var description: String {
        let text = unsafe gai_strerror(self.code).map { unsafe String(cString: $0) } ?? "error \(self.code)"
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
