import PortHost
import PortModel
import PortRegistry
import PortSystem

/// The machine as a program sees it that embeds the registry. It checks owners with the kernel in each transaction,
/// because nothing watches them in between.
struct EmbeddingMachine: LocalMachine {
    private let home: HomeDirectory

    init(home: HomeDirectory) { self.home = home }

    func collectExits(watching owners: OwnerSet) -> Set<Owner> {
        let exited = Set(owners.all.filter(ProcessOwner.hasExited))
        // In a container that shares the daemon's home, the daemon knows better which owners outside have exited.
        guard exited.contains(where: { !$0.isVisible }), home.daemon != nil else { return exited }
        return exited.filter(\.isVisible)
    }

    func didCommit(_ owners: OwnerSet) {}

    /// Whether an owner has exited shows only when it is checked.
    func drainExits() -> Bool { true }

    /// This program and the home's daemon.
    var protectedProcesses: [Int32: ProtectedProcess] {
        var processes = [CurrentProcess.pid: ProtectedProcess.caller]
        if let pid = home.daemon?.pid { processes[pid] = .daemon }
        return processes
    }
}
