package import PortModel
package import PortRegistry
import PortSystem

/// This machine, read from the kernel. Conforming types add how the exits of owners are detected, and which processes
/// are the registry's own.
package protocol LocalMachine: Machine {
    /// What ``BlockingMachine/protectedProcesses`` is. Finding them may block.
    var protectedProcesses: [Int32: ProtectedProcess] { get }
}

extension LocalMachine {
    /// A ``BlockingLocalMachine``.
    @available(*, noasync, message: "use inspect(_:), which does not block the caller's thread")
    package var blocking: any BlockingMachine { BlockingLocalMachine(machine: self) }

    /// Checks with stat(2).
    package func directoryExists(_ path: String) -> Bool { Directory.exists(path) }

    /// Compares the devices of the directory and of the one above it.
    package func isMountPoint(_ path: String) -> Bool { Directory.isMountPoint(path) }

    /// Reads the ``SystemClock``.
    package func uptime() -> Uptime { SystemClock.uptime }

    /// Reads the ``SystemClock``.
    package func timestamp() -> Timestamp { SystemClock.timestamp }

    /// Reads ``ProcessStart/now``.
    package func processTime() -> Int64 { ProcessStart.now }

    /// Looks the process up with ``ProcessOwner``.
    package func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup { ProcessOwner.lookUp(pid, seenBy: caller) }

    /// The namespace of this process, which does not change while it runs.
    package var network: LocalNetwork { LocalNetwork.current }

    package var ephemeralRange: PortRange? { LocalPorts.read().ephemeral }

    package var processLimit: ProcessLimit? {
        if !ProcessOwner.canLookUp { return .noProcessDirectory }
        return ProcessHandle.reportsExits ? nil : .noExitReports
    }
}

extension LocalNetwork {
    fileprivate static let current = LocalNetwork(
        namespace: ProcessNetwork.current,
        isSandbox: ProcessNetwork.sandboxSign != nil
    )
}
