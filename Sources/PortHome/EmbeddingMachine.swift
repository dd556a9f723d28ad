package import PortModel
package import PortRegistry
package import PortSystem

/// The machine as a program sees it that embeds the registry: owners are looked at whenever somebody asks, because
/// nobody is there in between.
package struct EmbeddingMachine: LocalMachine {
    private let home: HomeFolder

    package init(home: HomeFolder) { self.home = home }

    package func exited(of owners: OwnerSet) -> Set<Owner> {
        let exited = Set(owners.all.filter(ProcessOwner.hasExited))
        // In a container that shares the home with the daemon, that one knows better.
        guard exited.contains(where: { !$0.isVisible }), home.daemon != nil else { return exited }
        return exited.filter(\.isVisible)
    }

    package func committed(_ owners: OwnerSet) {}

    package func hasNewExits() -> Bool { true }

    /// This program, and the home's daemon.
    package var protectedProcesses: [Int32: ProtectedProcess] {
        var processes = [CurrentProcess.pid: ProtectedProcess.asker]
        if let pid = home.daemon?.pid { processes[pid] = .daemon }
        return processes
    }
}
