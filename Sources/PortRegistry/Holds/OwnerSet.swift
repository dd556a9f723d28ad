package import PortModel
import Synchronization

/// The owners whose exit somebody waits for, with the number of holds each has.
package struct OwnerSet: Sendable {
    private var counts: [Owner: Int] = [:]
    /// Differs whenever the owners differ, so that who watches them need not compare.
    package private(set) var version = 0

    package init() {}

    package var all: Dictionary<Owner, Int>.Keys { counts.keys }

    package mutating func insert(_ owner: Owner) {
        if counts.updateValue((counts[owner] ?? 0) + 1, forKey: owner) == nil { version = Self.nextVersion() }
    }

    package mutating func remove(_ owner: Owner) {
        guard let count = counts[owner] else { return }
        counts[owner] = count > 1 ? count - 1 : nil
        if count == 1 { version = Self.nextVersion() }
    }

    private static let versions = Atomic<Int>(0)

    private static func nextVersion() -> Int { versions.add(1, ordering: .relaxed).newValue }
}
