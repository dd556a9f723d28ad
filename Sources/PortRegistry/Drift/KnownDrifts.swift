import PortModel
import Synchronization

/// The services that are known to listen on another port than their own.
final class KnownDrifts: Sendable {
    private let drifts = Mutex<[Int64: Drift]>([:])

    /// The drift of the allocation with that id; `nil` when it has none.
    subscript(id: Int64) -> Drift? { drifts.withLock { $0[id] } }

    /// All of them.
    var all: [Drift] { drifts.withLock { Array($0.values) } }

    /// Replaces all of them. Returns those that have ended.
    func replace(with current: [Drift]) -> [Drift] {
        drifts.withLock { drifts in
            let before = drifts
            drifts = Dictionary(current.map { ($0.allocation, $0) }) { first, _ in first }
            return before.values.filter { drifts[$0.allocation] == nil }
        }
    }
}
