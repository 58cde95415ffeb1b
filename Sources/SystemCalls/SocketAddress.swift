internal import CLinux
internal import Glibc

/// Where a socket is bound or connected: a value that can be compared, printed and sent between threads.
package enum SocketAddress: Hashable, Sendable {
    /// Host byte order; the lowest byte of `address` is the last of the dotted form.
    case ipv4(address: UInt32, port: UInt16)
    /// The sixteen bytes as two big-endian words. Out of line, as are paths: every session holds an address, and it is
    /// eight bytes so.
    indirect case ipv6(high: UInt64, low: UInt64, port: UInt16)
    /// A path in the file system; empty for the unnamed end of a connection.
    indirect case unix(path: String)

    /// Reads numbers only: no name is resolved here.
    package init?(numericHost host: String, port: UInt16) {
        var four = in_addr()
        if unsafe inet_pton(AF_INET, host, &four) == 1 {
            self = .ipv4(address: UInt32(bigEndian: four.s_addr), port: port)
            return
        }
        var words: (UInt64, UInt64) = (0, 0)
        guard unsafe inet_pton(AF_INET6, host, &words) == 1 else { return nil }
        self = .ipv6(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1), port: port)
    }

    package var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, _, let port): return port
        case .unix: return nil
        }
    }

    /// Whether it can only be this machine: a path, 127.0.0.0/8 also where it is written as IPv6, ::1.
    package var isThisMachine: Bool {
        switch self {
        case .ipv4(let address, _): address >> 24 == 127
        case .ipv6(0, let low, _): low == 1 || low >> 24 == 0xFFFF_7F
        case .ipv6: false
        case .unix: true
        }
    }

    /// The same host at another port.
    package func withPort(_ port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let address, _): .ipv4(address: address, port: port)
        case .ipv6(let high, let low, _): .ipv6(high: high, low: low, port: port)
        case .unix: self
        }
    }

    /// The host alone, without brackets.
    package var host: String {
        switch self {
        case .ipv4(let address, _):
            return Self.text(address)
        case .ipv6(let high, let low, _):
            return Self.text(high, low)
        case .unix(let path):
            return path.isEmpty ? "unix-socket" : path
        }
    }

    private static func text(_ address: UInt32) -> String {
        var text: [UInt8] = []
        text.reserveCapacity("255.255.255.255".utf8.count)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            let number = UInt8(truncatingIfNeeded: address >> shift)
            if number >= 100 { text.append(UInt8(ascii: "0") + number / 100) }
            if number >= 10 { text.append(UInt8(ascii: "0") + number / 10 % 10) }
            text.append(UInt8(ascii: "0") + number % 10)
            if shift > 0 { text.append(UInt8(ascii: ".")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        if high == 0 && low >> 32 == 0xFFFF {
            return SocketAddress.ipv4(address: UInt32(truncatingIfNeeded: low), port: 0).host
        }
        var words = (high.bigEndian, low.bigEndian)
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(AF_INET6, &words, &buffer, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "::" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:80`, `[::1]:80`, `unix:/path`.
    package var description: String {
        switch self {
        case .ipv4(_, let port): return "\(self.host):\(port)"
        case .ipv6(_, _, let port): return self.host.contains(":") ? "[\(self.host)]:\(port)" : "\(self.host):\(port)"
        case .unix(let path): return "unix:\(path)"
        }
    }
}

extension SocketAddress {
    /// Calls `body` with the C form.
    func withCAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = self.fill(&storage)
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private func fill(_ storage: inout sockaddr_storage) -> socklen_t {
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            switch self {
            case .ipv4(let address, let port):
                var four = sockaddr_in()
                four.sin_family = sa_family_t(AF_INET)
                four.sin_port = port.bigEndian
                four.sin_addr.s_addr = address.bigEndian
                unsafe bytes.storeBytes(of: four, as: sockaddr_in.self)
                return socklen_t(MemoryLayout<sockaddr_in>.size)
            case .ipv6(let high, let low, let port):
                var six = sockaddr_in6()
                six.sin6_family = sa_family_t(AF_INET6)
                six.sin6_port = port.bigEndian
                unsafe withUnsafeMutableBytes(of: &six.sin6_addr) { address in
                    unsafe address.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
                    unsafe address.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
                }
                unsafe bytes.storeBytes(of: six, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            case .unix(let path):
                unsafe bytes.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
                let utf8 = path.utf8.prefix(Self.unixPathBytesMax)
                for (index, byte) in utf8.enumerated() { unsafe bytes[2 + index] = byte }
                return socklen_t(2 + utf8.count + 1)
            }
        }
    }

    /// sun_path of sockaddr_un, less its terminator (unix(7)).
    package static let unixPathBytesMax = 107

    init?(_ storage: sockaddr_storage) {
        let family = CInt(storage.ss_family)
        let address: SocketAddress? = unsafe withUnsafeBytes(of: storage) { bytes in
            switch family {
            case AF_INET:
                let four = unsafe bytes.load(as: sockaddr_in.self)
                return .ipv4(address: UInt32(bigEndian: four.sin_addr.s_addr), port: UInt16(bigEndian: four.sin_port))
            case AF_INET6:
                let port = unsafe bytes.load(as: sockaddr_in6.self).sin6_port
                let high = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                let low = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                return .ipv6(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low), port: UInt16(bigEndian: port))
            case AF_UNIX:
                var path: [UInt8] = []
                for index in 2..<110 {
                    let byte = unsafe bytes[index]
                    if byte == 0 { break }
                    path.append(byte)
                }
                return .unix(path: String(decoding: path, as: UTF8.self))
            default:
                return nil
            }
        }
        guard let address else { return nil }
        self = address
    }
}
