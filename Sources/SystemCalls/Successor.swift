internal import CLinux
internal import Glibc

/// A program started in our place, as a sibling of ours: who started us hears of its end, and we do not.
package struct Successor: ~Copyable, Sendable {
    package let pid: ProcessID
    private let pidfd: Descriptor

    /// What it takes to start one; the descriptors are only borrowed.
    package struct Call {
        package var program: String
        /// Bytes, as they came to us.
        package var arguments: [[UInt8]]
        /// `name=value`.
        package var environment: [[UInt8]]
        /// Names of variables of the environment that have the successor's own pid as their value.
        package var namesOfPID: [String]
        /// What it has as 3, 4, and so on.
        package var descriptors: [CInt]
        /// The limit that it begins with.
        package var openFiles: ResourceLimit

        package init(
            program: String, arguments: [[UInt8]], environment: [[UInt8]], namesOfPID: [String], descriptors: [CInt],
            openFiles: ResourceLimit
        ) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.namesOfPID = namesOfPID
            self.descriptors = descriptors
            self.openFiles = openFiles
        }
    }

    /// The first descriptor that a program is given besides its streams (sd_listen_fds(3)).
    package static let firstDescriptor: CInt = 3

    package init(_ call: Call) throws(Errno) {
        let pidRoom = [UInt8](repeating: UInt8(ascii: " "), count: 24)
        let places = call.namesOfPID.map { Array("\($0)=".utf8) }
        let others = call.environment.filter { entry in !places.contains { entry.starts(with: $0) } }
        let program = CStrings([Array(call.program.utf8)])
        let arguments = CStrings(call.arguments)
        let environment = CStrings(places.map { $0 + pidRoom } + others)
        var descriptors = call.descriptors
        var request = unsafe clx_successor()
        unsafe request.program = UnsafePointer(program.strings[0])
        unsafe request.pid_places = (
            environment.place(0, behind: places), environment.place(1, behind: places)
        )
        unsafe request.open_files = clx_rlimit(
            resource: call.openFiles.resource, soft: call.openFiles.soft, hard: call.openFiles.hard)
        unsafe request.count = CInt(descriptors.count)
        let outcome = unsafe descriptors.withUnsafeMutableBufferPointer { descriptors in
            unsafe arguments.strings.withUnsafeBufferPointer { arguments in
                unsafe environment.strings.withUnsafeBufferPointer { environment in
                    unsafe request.descriptors = descriptors.baseAddress
                    unsafe request.arguments = arguments.baseAddress
                    unsafe request.environment = environment.baseAddress
                    return unsafe clx_start_successor(&request)
                }
            }
        }
        guard outcome == 0 else { throw .current }
        guard let pid = unsafe ProcessID(rawValue: request.pid) else {
            preconditionFailure("a started process has a pid")
        }
        self.pid = pid
        self.pidfd = unsafe Descriptor(owning: request.pidfd)
    }

    /// pidfd_send_signal(2): never to another process that has its number meanwhile.
    package borrowing func send(_ signal: Signal) { _ = clx_signal_process(self.pidfd.rawValue, signal.rawValue) }
}

/// A NULL-terminated vector of strings of our own, which may be written into.
@safe
private final class CStrings {
    var strings: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [[UInt8]]) {
        unsafe self.strings = []
        for string in strings {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count + 1)
            for (index, byte) in string.enumerated() { unsafe copy[index] = CChar(bitPattern: byte) }
            unsafe copy[string.count] = 0
            unsafe self.strings.append(copy)
        }
        unsafe self.strings.append(nil)
    }

    deinit {
        for index in unsafe self.strings.indices { unsafe self.strings[index]?.deallocate() }
    }

    /// Where the value of the variable with this number begins.
    func place(_ number: Int, behind names: [[UInt8]]) -> UnsafeMutablePointer<CChar>? {
        guard names.indices.contains(number), let string = unsafe self.strings[number] else { return nil }
        return unsafe string + names[number].count
    }
}

/// How this process was started.
package enum OwnStart {
    /// argv, from /proc/self/cmdline.
    package static func arguments() throws(Errno) -> [[UInt8]] { try Self.strings("/proc/self/cmdline") }

    /// envp, from /proc/self/environ: nothing here calls setenv(3).
    package static func environment() throws(Errno) -> [[UInt8]] { try Self.strings("/proc/self/environ") }

    /// The path to start anew: as it was called, so that a link that leads elsewhere now is followed; for a bare name
    /// what the kernel says.
    package static func program(_ arguments: [[UInt8]]) -> String {
        if let name = arguments.first, name.contains(UInt8(ascii: "/")) { return String(decoding: name, as: UTF8.self) }
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        let name = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let replaced = " (deleted)"
        return name.hasSuffix(replaced) ? String(name.dropLast(replaced.count)) : name
    }

    /// Twice what execve(2) takes by default.
    private static let bytesMax = 4 << 20

    private static func strings(_ path: String) throws(Errno) -> [[UInt8]] {
        let bytes = try FileSystem.read(path, bytesMax: Self.bytesMax)
        let ended = bytes.last == 0 ? bytes.dropLast() : bytes[...]
        return ended.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    }
}
