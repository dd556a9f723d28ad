package import PortModel

/// The one decision on whether a listener is the service's own. The order of the rules is part of them.
extension ServiceFacts {
    /// Returns the verdict on all who listen, for a client that reaches the service through `address`; `nil` for
    /// `localhost`.
    package func verdict(on listeners: [Listener], through address: LocalAddress? = nil) -> ServiceVerdict {
        ServiceVerdict(listeners: listeners.flatMap(verdicts), address: address)
    }

    /// Returns the verdict on each process that has the socket open; one verdict when none is known.
    private func verdicts(on listener: Listener) -> [ListenerVerdict] {
        let processes: [Occupier?] = listener.occupiers.isEmpty ? [nil] : listener.occupiers
        return processes.map { process in
            let (verdict, reason) = verdict(on: process, listener)
            return ListenerVerdict(listener: listener, process: process, verdict: verdict, reason: reason)
        }
    }

    /// Decides about one process. `process` is `nil` when the system does not show it.
    private func verdict(on process: Occupier?, _ listener: Listener) -> (Verdict, VerdictReason) {
        guard let process else { return verdict(onHidden: listener) }
        let wasProven = proven[ProvenListener(allocation: allocation.id, process: process, socket: listener.inode)]
        if let reason = outlivedDirectory(process, listener, provenFor: wasProven) { return (.foreign, reason) }
        if isOwner(process) { return (.mine, .owner) }
        if listener.inode == knownSocket { return (.mine, proof(of: process) ?? .adopted) }
        if wasProven != nil { return (.mine, proof(of: process) ?? .provenBefore) }
        if Forwarder(process) != nil { return (.unknown, .forwarder) }
        if let reason = foreignness(of: process, listener) { return (.foreign, reason) }
        if let proof = proof(of: process) { return (.mine, proof) }
        if allocation.directory == nil && !allocation.hasLivingOwner { return (.unknown, .nothingToCompare) }
        // One that the system hides, or that is ending: it keeps its socket a moment longer than its directory.
        if process.place == nil && process.removedDirectory == nil { return (.unknown, .placeHidden) }
        if isUnplacedOrphan(process) { return (.unknown, .orphan) }
        if listener.inode == toleratedSocket { return (.unknown, .earlier) }
        return (.foreign, .unrelated)
    }

    /// What makes the process the service's own: its parents, its mark or its directory; `nil` when nothing does.
    private func proof(of process: Occupier) -> VerdictReason? {
        if let owner = process.ancestors.first(where: isOwner) { return .descendant(of: owner) }
        if hasMark(process) { return .marked }
        if let nearest = nearestCheckout(of: process), isOwn(nearest) { return .ownCheckout(nearest.path) }
        return nil
    }

    private func verdict(onHidden listener: Listener) -> (Verdict, VerdictReason) {
        if listener.inode == knownSocket { return (.mine, .adopted) }
        if otherPersons.contains(listener.userID) { return (.foreign, .anotherPerson(listener.userID)) }
        return (.unknown, .hidden(listener.userID))
    }

    /// Why the process was started for a directory of the service that is gone; `nil` otherwise. What makes the process
    /// the service's own tells for which directory: the hold of its nearest owner, its mark, the registration of its
    /// socket, or an earlier proof.
    private func outlivedDirectory(
        _ process: Occupier,
        _ listener: Listener,
        provenFor earlier: DirectoryStamp??
    ) -> VerdictReason? {
        guard let directory, let path = allocation.directory else { return nil }
        // The very directory in which the process was started: what has its path now is another.
        if process.removedDirectory == path {
            if case .missing = directory { return .directoryRemoved(path) }
            return .directoryReplaced(path)
        }
        let owned = process.lineage.lazy.compactMap { pid in
            allocation.holds.first { $0.livingOwner?.pid == pid }?.origin
        }
        let stamp: DirectoryStamp?
        if let nearest = owned.first {
            stamp = nearest.directory
        } else if hasMark(process) {
            stamp = process.mark?.directory
        } else if listener.inode == knownSocket {
            stamp = allocation.holds.lazy.compactMap(\.origin.directory).last
        } else {
            stamp = earlier ?? nil
        }
        // A directory that was moved is not removed: the process works in it. Another in its place is the service's.
        if case .missing = directory, let stamp, process.place?.steps.contains(where: { $0.is(stamp) }) ?? false {
            return nil
        }
        return directory.reasonAgainst(stamp, path: path)
    }

    /// Which rule proves that the process is not the service's; `nil` when none does.
    private func foreignness(of process: Occupier, _ listener: Listener) -> VerdictReason? {
        if let own, let nearest = nearestCheckout(of: process), !nearest.isSameDirectory(as: own),
            !process.lineage.contains(where: isCommand)
        {
            return .otherCheckout(nearest.path)
        }
        if allocation.hasLivingOwner, let nearest = process.lineage.lazy.compactMap({ owners[$0] }).first,
            !nearest.contains(allocation.id)
        {
            return .ownerOfOthers
        }
        if otherPersons.contains(listener.userID) { return .anotherPerson(listener.userID) }
        return nil
    }

    /// The checkout of the service's directory; `nil` when there is none now.
    private var own: ProcessPlace.Step? {
        if case .present(_, let checkout) = directory { checkout } else { nil }
    }

    /// Whether the checkout is that of the service, or the one that the service had, moved to another path.
    private func isOwn(_ checkout: ProcessPlace.Step) -> Bool {
        if let own { return checkout.isSameDirectory(as: own) }
        return allocation.holds.contains { $0.origin.directory.map(checkout.is) ?? false }
    }

    /// The directory of the nearest `.git` above the process's working directory, else the nearest that the registry
    /// has recorded; `nil` when there is neither.
    private func nearestCheckout(of process: Occupier) -> ProcessPlace.Step? {
        guard let place = process.place else { return nil }
        if let checkout = place.checkout { return checkout }
        return place.directories.first { step in
            recordedDirectories.contains(step.path) || isOwn(step)
        }
    }

    /// Whether the process works in another checkout than the service's.
    func worksElsewhere(_ process: Occupier) -> Bool {
        own != nil && nearestCheckout(of: process).map { !isOwn($0) } ?? false
    }

    private func isOwner(_ pid: Int32) -> Bool { owners[pid]?.contains(allocation.id) ?? false }

    /// Whether the process itself is an owner, and not a later one with the pid of one.
    private func isOwner(_ process: Occupier) -> Bool {
        allocation.holds.contains { hold in
            hold.livingOwner.map { $0.pid == process.pid && $0.startTime == process.startTime } ?? false
        }
    }

    /// Whether the process is a command that `run` became for the service.
    private func isCommand(_ pid: Int32) -> Bool {
        allocation.holds.contains { $0.origin.isCommand && $0.livingOwner?.pid == pid }
    }

    private func hasMark(_ process: Occupier) -> Bool {
        process.mark.map { $0.registry == registry && $0.allocation == allocation.id } ?? false
    }

    /// Whether the process has lost its parents, was started after the service got its port, and works in no checkout:
    /// it may be a daemon that the service's own command started.
    private func isUnplacedOrphan(_ process: Occupier) -> Bool {
        // What was adopted is the process itself or one above it: that of a terminal was so long before.
        guard let adopted = process.adoptedSince, nearestCheckout(of: process) == nil else { return false }
        let placed = allocation.holds.compactMap { $0.origin.processTime ?? $0.owner?.startTime }.min()
        return placed.map { adopted >= $0 } ?? true
    }
}

extension Occupier {
    /// The pid of the process and those of its ancestors, nearest first.
    fileprivate var lineage: [Int32] { [pid] + ancestors }
}
