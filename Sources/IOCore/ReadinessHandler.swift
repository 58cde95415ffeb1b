// "open", for a package class has subclasses in its own module only; nothing leaves the package.
public import SystemCalls

/// Something that waits on a worker until a descriptor of its own is ready.
///
/// A class and not a protocol: a registration is one pointer then, and a session with a program has five.
open class ReadinessHandler {
    package init() {}

    /// One of its descriptors is ready.
    open func ready(_ readiness: Readiness, on descriptor: CInt) {
        preconditionFailure("whoever is registered says what it does then")
    }

    /// The worker ends: deregisters, and lets go of whom it calls, without a word to them.
    open func close() {
        preconditionFailure("whoever is registered lets go")
    }
}
