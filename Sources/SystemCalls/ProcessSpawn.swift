internal import CLinux

/// A program that runs: its pid stays ours until it is reaped, its pidfd becomes readable when it ends.
@frozen @usableFromInline  // the descriptors are taken out one by one in other modules
package struct StartedProcess: ~Copyable, Sendable {
    package let pid: ProcessID
    package let pidfd: Descriptor
}

/// What one start needs besides the settings; descriptors are only borrowed.
package struct SpawnCall: ~Copyable {
    /// Resolved: nothing is searched, and no shell is tried when the kernel does not know the format.
    package var program: String
    package var arguments: CStringArray
    package var environment: CStringArray
    package var input: CInt
    package var output: CInt
    /// Absent: the server's stderr.
    package var errors: CInt?
    package var inputIsControllingTerminal: Bool
    /// Absent: it cannot be told from other programs once it has left its session.
    package var mark: DescentMark?

    package init(
        program: String, arguments: CStringArray, environment: CStringArray, input: CInt, output: CInt,
        errors: CInt?, inputIsControllingTerminal: Bool, mark: DescentMark?
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
        self.inputIsControllingTerminal = inputIsControllingTerminal
        self.mark = mark
    }
}

/// Starts programs, one at a time: it owns the stack that a child stands on until it has become its program, and the
/// descriptors through which it gets its streams. Make it early: descriptors that are open then cost each child a copy.
///
/// The calling thread stops until then, and must live as long as the children: the kernel binds the
/// parent-death signal to the thread, not to the process. What signals do (signal(2)) must not change any more
/// once it exists: a child starts with the default for all of them.
///
/// Sendable because a thread may hand it to another; two at a time is what `~Copyable` and its owner rule
/// out.
@safe
package struct ProcessStarter: ~Copyable, @unchecked Sendable {
    private let place: UnsafeMutablePointer<clx_spawn_place>
    /// Looked up once: what signals do is settled before the first child.
    private let signalsToReset = clx_signals_not_default()

    package init() throws(Errno) {
        let place = UnsafeMutablePointer<clx_spawn_place>.allocate(capacity: 1)
        unsafe place.initialize(to: clx_spawn_place())
        guard unsafe clx_place_open(place) == 0 else {
            let error = Errno.current
            unsafe place.deallocate()
            throw error
        }
        // Last: once every property has its value, what throws here runs deinit too.
        unsafe self.place = place
    }

    deinit {
        unsafe clx_place_close(self.place)
        unsafe self.place.deallocate()
    }

    package borrowing func start(
        _ call: borrowing SpawnCall, _ settings: borrowing ChildSettings
    ) throws(SpawnFailure) -> StartedProcess {
        var request = unsafe Self.request(call, settings)
        unsafe request.place = UnsafePointer(self.place)
        unsafe request.signals_to_reset = self.signalsToReset
        let result = unsafe Self.lendAndStart(&request, call, settings)
        if let stage = SpawnStage(rawValue: result.stage) {
            throw SpawnFailure(stage: stage, errno: Errno(rawValue: result.error))
        }
        guard let pid = ProcessID(rawValue: result.pid) else {
            preconditionFailure("a started process has a pid")
        }
        return StartedProcess(pid: pid, pidfd: Descriptor(owning: result.pidfd))
    }

    /// Everything that is a number.
    @unsafe
    private static func request(
        _ call: borrowing SpawnCall, _ settings: borrowing ChildSettings
    ) -> clx_spawn_request {
        var request = unsafe clx_spawn_request()
        unsafe request.streams = (call.input, call.output, call.errors ?? -1)
        unsafe request.controlling_terminal = call.inputIsControllingTerminal
        unsafe request.mark = call.mark?.rawValue ?? 0
        unsafe request.file_mode_mask = settings.fileModeMask.map(CInt.init) ?? -1
        unsafe request.sets_niceness = settings.niceness != nil
        unsafe request.niceness = settings.niceness ?? 0
        unsafe request.sets_user = settings.credentials?.user != nil
        unsafe request.user = settings.credentials?.user ?? 0
        unsafe request.sets_group = settings.credentials?.group != nil
        unsafe request.group = settings.credentials?.group ?? 0
        unsafe request.no_new_privileges = settings.noNewPrivileges
        return unsafe request
    }

    /// Lends every string and list to the C side for the length of one call.
    @unsafe
    private static func lendAndStart(
        _ request: inout clx_spawn_request, _ call: borrowing SpawnCall, _ settings: borrowing ChildSettings
    ) -> clx_spawn_result {
        let paths = CStringArray([call.program, settings.workingDirectory ?? ""])
        let limits = settings.limits.map { clx_rlimit(resource: $0.resource, soft: $0.soft, hard: $0.hard) }
        let groups = settings.credentials?.extraGroups ?? []
        return unsafe paths.withVector { paths in
            unsafe request.program = UnsafePointer(paths[0])
            if settings.workingDirectory != nil { unsafe request.working_directory = UnsafePointer(paths[1]) }
            return unsafe call.arguments.withVector { arguments in
                unsafe request.arguments = arguments
                return unsafe call.environment.withVector { environment in
                    unsafe request.environment = environment
                    return unsafe Self.lendListsAndStart(&request, limits, groups)
                }
            }
        }
    }

    @unsafe
    private static func lendListsAndStart(
        _ request: inout clx_spawn_request, _ limits: [clx_rlimit], _ groups: [UInt32]
    ) -> clx_spawn_result {
        unsafe limits.withUnsafeBufferPointer { limits in
            unsafe groups.withUnsafeBufferPointer { groups in
                unsafe request.limits = limits.baseAddress
                unsafe request.limit_count = limits.count
                unsafe request.extra_groups = groups.baseAddress
                unsafe request.extra_group_count = groups.count
                var result = clx_spawn_result()
                _ = unsafe clx_spawn(&request, &result)
                return result
            }
        }
    }
}
