import Glibc
import Processes
import SystemCalls

extension Probe {
    /// A thousand starts that fail, at each of the steps that can be made to; nothing may be left behind.
    func failManyTimes() throws {
        let tooLong = String(repeating: "x", count: 200 * 1024)  // the kernel takes 128 KiB in one string
        let before = try Self.openDescriptors()
        for _ in 0..<330 {
            self.expectFailure(["/does/not/exist"])
            self.expectFailure(["nowhere-in-the-path"])
            self.expectFailure(["/etc/passwd"])
        }
        for _ in 0..<10 { self.expectFailure(["/bin/true", tooLong]) }
        var limit = rlimit()
        unsafe getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit)
        for room in 0..<8 {
            // one more descriptor each time: the next of our steps is the one that fails
            self.limitDescriptors(to: UInt(before + room), limit.rlim_max)
            self.expectFailure(["/does/not/exist"])
        }
        self.limitDescriptors(to: limit.rlim_cur, limit.rlim_max)
        let children = try ProcessTable.all().filter { $0.parent == ProcessTable.ownPID }
        print("descriptors: \(try Self.openDescriptors() - before)")
        print("children: \(children.count)")  // the guardian
        print("live: \(self.live.count)")
    }

    private func expectFailure(_ words: [String]) {
        do throws(SpawnError) {
            let child = try self.spawn(words)
            print("started all the same: \(child.pid)")
        } catch {
            // as it should
        }
    }

    private func limitDescriptors(to soft: UInt, _ hard: UInt) {
        var limit = rlimit(rlim_cur: soft, rlim_max: hard)
        unsafe setrlimit(CInt(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func openDescriptors() throws -> Int {
        (0..<1024).filter { fcntl($0, F_GETFD) >= 0 }.count
    }

    /// Starts a child as somebody else, then asks whom our own files in /proc belong to: to root instead of to our
    /// group, should the change of user in borrowed memory have made us undumpable.
    func changeUser() throws {
        let child = try self.spawn(["/bin/true"], as: Credentials(user: 65534, group: 65533))
        Self.wait(for: child.pidfd, milliseconds: -1)
        print("child: \(try ChildEnd.collect(child.pid, child.pidfd)?.description ?? "runs")")
        var entry = stat()
        unsafe stat("/proc/self/environ", &entry)
        print("group: \(entry.st_gid)")
    }

    /// What a start costs against posix_spawn(3), which does less. A figure to read, not a gate.
    func measureCost() throws {
        let rounds: UInt64 = 300
        let began = Self.now()
        for _ in 0..<rounds {
            let child = try self.spawn(["/bin/true"])
            Self.wait(for: child.pidfd, milliseconds: -1)
            _ = try ChildEnd.collect(child.pid, child.pidfd)
        }
        let middle = Self.now()
        for _ in 0..<rounds { Self.posixSpawnTrue() }
        let ended = Self.now()
        print("ours: \((middle - began) / rounds / 1000) µs a child, with pipes, thread and guardian")
        print("posix_spawn: \((ended - middle) / rounds / 1000) µs a child, bare")
    }

    private static func posixSpawnTrue() {
        var pid: pid_t = 0
        var status: CInt = 0
        unsafe "/bin/true".withCString { path in
            var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [UnsafeMutablePointer(mutating: path), nil]
            _ = unsafe posix_spawn(&pid, path, nil, nil, &arguments, nil)
        }
        _ = unsafe waitpid(pid, &status, 0)
    }
}
