package import PortModel
import Synchronization

/// The owners whose exit the registry waits for, with the number of holds that each has.
package struct OwnerSet: Sendable {
    private var counts: [Owner: Int] = [:]
    /// A number that differs between two sets of different owners, so that an observer need not compare the owners.
    package private(set) var version = 0

    /// Creates an empty set.
    package init() {}

    /// The owners, each once.
    package var all: Dictionary<Owner, Int>.Keys { counts.keys }

    /// Counts one more hold of `owner`.
    package mutating func insert(_ owner: Owner) {
        if counts.updateValue((counts[owner] ?? 0) + 1, forKey: owner) == nil { version = Self.nextVersion() }
    }

    /// Counts one hold of `owner` fewer, and removes the owner from the set with its last hold.
    package mutating func remove(_ owner: Owner) {
        guard let count = counts[owner] else { return }
        counts[owner] = count > 1 ? count - 1 : nil
        if count == 1 { version = Self.nextVersion() }
    }

    /// Shared by all sets, so that no two different ones have the same version.
    private static let versions = Atomic<Int>(0)

    private static func nextVersion() -> Int { versions.add(1, ordering: .relaxed).newValue }
}
