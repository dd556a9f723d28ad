package import PortModel

/// How the port of an allocation is really used.
package enum AllocationState: String, Sendable, CaseIterable {
    /// No socket holds the port.
    case reserved
    /// A socket holds the port, and nothing proves that it is not the service's own.
    case active
    /// Another process listens: the occupier is known, and it is not the service's own.
    case conflict
    /// The last hold has ended, but the port is still listened on.
    case lingering

    /// Decides the state. `isHeld` is whether a socket holds the port, and `occupancy` are its listeners; `nil` when
    /// there are none.
    package init(of allocation: Allocation, isHeld: Bool, occupancy: Occupancy?) {
        if allocation.holds.isEmpty {
            self = .lingering
        } else if let occupancy, allocation.isTaken(by: occupancy) {
            self = .conflict
        } else {
            self = isHeld || occupancy != nil ? .active : .reserved
        }
    }
}

extension Allocation {
    /// Whether the port is taken by other processes: all that listen are known, and none of them is an owner, may
    /// descend from one, may run in the project's directory, or has the known socket open. An allocation without a
    /// directory and without a living owner is never taken, because nothing can be proven.
    func isTaken(by occupancy: Occupancy) -> Bool {
        let living = holds.compactMap(\.livingOwner)
        let owners = Set(living.map(\.pid))
        guard occupancy.isComplete, !occupancy.occupiers.isEmpty, directory != nil || !owners.isEmpty,
            !occupancy.listeners.contains(where: { $0.inode == knownSocket })
        else { return false }
        return occupancy.occupiers.allSatisfy { occupier in
            !owners.contains(occupier.pid) && owners.isDisjoint(with: occupier.ancestors)
                && !living.contains { occupier.mayDescend(from: $0) } && !mayBeInProjectDirectory(occupier)
        }
    }

    /// Whether the occupier may run in the project's directory. It may when the kernel does not report its directory,
    /// or when it is a daemon that runs in the root directory, which says nothing about its project.
    private func mayBeInProjectDirectory(_ occupier: Occupier) -> Bool {
        directory.map(occupier.mayRun) ?? false
    }
}

extension Occupier {
    /// Whether the process may run in the project's `directory`, or inside it.
    func mayRun(in directory: String) -> Bool {
        guard let own = self.directory, own != "/" || adoptedSince == nil else { return true }
        func isInside(_ path: String) -> Bool { path.hasPrefix(directory == "/" ? "/" : directory + "/") }
        // A worktree that lies inside the checkout is another project directory.
        if let checkout, checkout != directory, isInside(checkout) { return false }
        return own == directory || isInside(own)
    }
}

extension Occupier {
    /// Whether the process may descend from `owner` through an ancestor that was orphaned: that one started after the
    /// owner.
    fileprivate func mayDescend(from owner: Owner) -> Bool { adoptedSince.map { $0 >= owner.startTime } ?? false }
}
