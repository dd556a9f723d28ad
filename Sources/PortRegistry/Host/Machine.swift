package import PortModel

/// The facts about the machine that the rules depend on. Implementations read them from the kernel; those of tests have
/// fixed values.
///
/// Every call takes constant time, however many sockets and processes there are. What takes longer is in
/// ``BlockingMachine``.
package protocol Machine: Sendable {
    /// The questions that block, for threads that may: those of write transactions, and of ``inspect(_:)``, through
    /// which tasks ask.
    @available(*, noasync, message: "use inspect(_:), which does not block the caller's thread")
    var blocking: any BlockingMachine { get }

    /// Returns whether `path` is a directory now.
    func directoryExists(_ path: String) -> Bool

    /// Returns whether a file system is mounted in the directory at `path` now.
    func isMountPoint(_ path: String) -> Bool

    /// Returns the time of a clock that neither jumps nor runs while the machine sleeps.
    func uptime() -> Uptime

    /// Returns the time of the wall clock, which is stored with allocations and journal entries.
    func timestamp() -> Timestamp

    /// Returns the time in the unit of ``Owner/startTime``: a process that starts from now on has a later start, or the
    /// same.
    func processTime() -> Int64

    /// Looks up the process of this user that has `pid` now, in the pid namespace of the process `caller` (see
    /// ``Caller/pid``).
    func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup

    /// Watches exactly `owners` from now on, and returns which of them have exited, as far as the machine knows. Called
    /// at the start of each transaction.
    func collectExits(watching owners: OwnerSet) -> Set<Owner>

    /// Called after each commit. Watch exactly these owners from now on; exits reported earlier are settled. A machine
    /// that reads the processes in each ``collectExits(watching:)`` has nothing to do.
    func didCommit(_ owners: OwnerSet)

    /// Takes the exits that the kernel has reported from its queue, and returns whether an owner may have exited since
    /// the last committed transaction collected exits.
    func drainExits() -> Bool

    /// The range from which the kernel now takes ports for outgoing connections; `nil` when the kernel does not report
    /// it.
    var ephemeralRange: PortRange? { get }

    /// The network namespace whose sockets this machine shows.
    var network: LocalNetwork { get }

    /// What the system hides about processes; `nil` in the usual case.
    var processLimit: ProcessLimit? { get }
}

extension Machine {
    /// Runs `body` on a thread that may block, and returns its result. A question that needs several answers asks for
    /// them in one `body`, which changes threads once.
    func inspect<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (any BlockingMachine) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await onBlockingThread { () throws(Failure) in try body(blocking) }
    }
}
