/// How a connection of ours is to behave; TCP_NODELAY is always set. tcp(7)
package struct SocketOptions: Equatable, Sendable {
    /// Nil: the kernel asks nothing. An address of this machine it never asks: it would answer itself, and it ends the
    /// connections of a process that dies.
    package var keepAlive: KeepAlive?

    package init(keepAlive: KeepAlive? = KeepAlive()) { self.keepAlive = keepAlive }
}

/// When the kernel asks an idle peer whether it is still there.
package struct KeepAlive: Equatable, Sendable {
    /// Seconds of silence before the first question, 1...32767: half of what the stricter firewalls and address
    /// translators give an idle connection (120 s; Linux conntrack 5 days, cloud balancers 350 s).
    package var idleSeconds: Int
    /// Seconds between questions, 1...32767: a path that is broken for a moment has time to heal.
    package var intervalSeconds: Int
    /// Questions without an answer before the connection is broken, 1...127: a server that lost its power is noticed
    /// in two minutes, which is before a person gives up and long after a lost packet or two.
    package var questionsMax: Int

    package init(idleSeconds: Int = 60, intervalSeconds: Int = 10, questionsMax: Int = 6) {
        self.idleSeconds = idleSeconds
        self.intervalSeconds = intervalSeconds
        self.questionsMax = questionsMax
    }
}
