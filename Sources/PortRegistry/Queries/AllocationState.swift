package import PortModel

/// What an allocation's port is really doing.
package enum AllocationState: String, Sendable, CaseIterable {
    /// Nobody listens.
    case reserved
    /// Somebody listens, and nothing proves that it is a stranger.
    case active
    /// The occupier is known, and is a stranger.
    case conflict
    /// Its last hold is over, but the port is still listened on.
    case lingering

    /// A pure decision. `occupancy` is who listens; `nil` when nobody does.
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
    /// Whether all who listen are known, and none is an owner, may descend from one, or runs in the project's directory,
    /// or listened already when the port was asked for and was no stranger then.
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

    /// A directory that the kernel does not tell may be the project's; a daemon's root directory tells nothing either.
    private func mayBeInProjectDirectory(_ occupier: Occupier) -> Bool {
        guard let directory else { return false }
        guard let occupierDirectory = occupier.directory, occupierDirectory != "/" || occupier.adoptedSince == nil else {
            return true
        }
        func isInside(_ path: String) -> Bool { path.hasPrefix(directory == "/" ? "/" : directory + "/") }
        // A worktree inside the checkout is another one.
        if let checkout = occupier.checkout, checkout != directory, isInside(checkout) { return false }
        return occupierDirectory == directory || isInside(occupierDirectory)
    }
}

extension Occupier {
    /// Whether an orphan in the process's line may be the owner's: it started later.
    fileprivate func mayDescend(from owner: Owner) -> Bool { adoptedSince.map { $0 >= owner.startTime } ?? false }
}
