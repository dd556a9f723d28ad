import PortModel
import Synchronization

/// The listeners that were proven to be a service's own: a server may lose its parents, change its directory or
/// overwrite its mark later, but stays the same process with the same socket.
final class ProvenListeners: Sendable {
    /// By allocation, with the directory that the service had at the time.
    private let known = Mutex<[Int64: [ProvenListener: DirectoryStamp?]]>([:])

    /// More services than a machine has. Beyond it, all is forgotten: what can still be proven soon is again.
    private static let limit = 4096

    /// Returns the listeners that are known to be those of the allocation.
    func ofAllocation(_ id: Int64) -> [ProvenListener: DirectoryStamp?] { known.withLock { $0[id] ?? [:] } }

    /// Remembers the listeners that `verdict` has proven to be those of the service in the directory `state`, instead
    /// of the earlier ones.
    func remember(_ verdict: ServiceVerdict, of allocation: Int64, in state: DirectoryState?) {
        var stamp: DirectoryStamp?
        if case .present(let now, _) = state { stamp = now }
        let proven = verdict.listeners.compactMap { listener -> (ProvenListener, DirectoryStamp?)? in
            guard listener.verdict == .mine, let process = listener.process else { return nil }
            return (ProvenListener(allocation: allocation, process: process, socket: listener.listener.inode), stamp)
        }
        guard !proven.isEmpty else { return }
        known.withLock { known in
            if known.count > Self.limit { known = [:] }
            let earlier = known[allocation] ?? [:]
            known[allocation] = Dictionary(proven.map { ($0.0, earlier[$0.0] ?? $0.1) }) { first, _ in first }
        }
    }
}
