/// What the system or a sandbox hides about processes.
package enum ProcessLimit: Hashable, Sendable {
    /// There is no `/proc`: neither owners nor the processes behind sockets can be found.
    case noProcessDirectory
    /// There are no pidfds: exits of owners are looked for twice a second, and signals are sent by pid.
    case noExitReports
}
