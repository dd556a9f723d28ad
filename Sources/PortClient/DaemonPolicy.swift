package import PortSystem

/// What a client does when the home's daemon is missing, starting or stopping.
package enum DaemonPolicy: Sendable {
    /// The request fails.
    case fail
    /// Waits up to five seconds for one that is starting or stopping, and starts none.
    case wait
    /// Starts one. `report` is called for what a user should know.
    case start(report: @Sendable (LaunchEvent) -> Void)
}

/// What happened before a request could be sent.
package enum LaunchEvent: Sendable {
    /// The daemon ends in favor of one in this network namespace; the text gives the reason.
    case daemonGivesWay(String)
    /// A daemon was started; its pid, if it is known.
    case daemonStarted(HomeDirectory, pid: Int32?)
}
