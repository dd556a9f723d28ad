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
    /// Whether all who listen are known, and none is an owner, a descendant of one, or runs in the project's folder, or
    /// listened already when the port was asked for and was no stranger then.
    func isTaken(by occupancy: Occupancy) -> Bool {
        let owners = Set(holds.compactMap { $0.livingOwner?.pid })
        guard occupancy.isComplete, !occupancy.occupiers.isEmpty, folder != nil || !owners.isEmpty,
            !occupancy.listeners.contains(where: { $0.inode == knownSocket })
        else { return false }
        return occupancy.occupiers.allSatisfy { occupier in
            !owners.contains(occupier.pid) && owners.isDisjoint(with: occupier.ancestors)
                && !isProjectFolder(around: occupier.folder)
        }
    }

    /// A folder that the kernel does not tell may be the project's.
    private func isProjectFolder(around occupierFolder: String?) -> Bool {
        guard let folder else { return false }
        guard let occupierFolder else { return true }
        return occupierFolder == folder || occupierFolder.hasPrefix(folder == "/" ? "/" : folder + "/")
    }
}
