internal import CLinux
internal import Glibc

/// A thread of the operating system, for work that blocks. pthread_create(3)
///
/// All signals are blocked in it: they belong to the main thread.
package struct JoinableThread: Sendable {
    private let handle: pthread_t

    /// The kernel shows the first 15 characters of `name`.
    package init(name: StaticString, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        var handle = pthread_t()
        let answer = unsafe pthread_create(&handle, nil, { argument in
            guard let argument = unsafe argument else { return nil }
            unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().runHere()
            return nil
        }, box.toOpaque())
        if answer != 0 {
            unsafe box.release()
            throw Errno(rawValue: answer)
        }
        self.handle = handle
    }

    /// Waits for the end of the body; once, and not from inside it.
    package func join() {
        let answer = pthread_join(self.handle, nil)
        precondition(answer == 0, "a thread is joined once, by another thread")
    }

    /// Lets go of a thread that nobody waits for any more; in place of `join`. pthread_detach(3)
    package func detach() {
        let answer = pthread_detach(self.handle)
        precondition(answer == 0, "a thread is let go once, and not after it was joined")
    }

    private final class Body {
        let name: StaticString
        let run: @Sendable () -> Void

        init(name: StaticString, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }

        func runHere() {
            var everything = sigset_t()
            unsafe sigfillset(&everything)
            unsafe pthread_sigmask(SIG_SETMASK, &everything, nil)
            unsafe clx_thread_name(self.name.utf8Start)
            self.run()
        }
    }
}
