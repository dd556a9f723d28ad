import Synchronization

/// The manager with default options behind the functions below, which are those of the npm package port-manager.
private enum DefaultManager {
    private static let shared = Mutex<PortManager?>(nil)

    /// Returns the manager. Opens the registry if no earlier call has succeeded in that.
    static func get() throws(PortManagerError) -> PortManager {
        try shared.withLock { shared throws(PortManagerError) in
            if let shared { return shared }
            let manager = try PortManager()
            shared = manager
            return manager
        }
    }
}

/// Allocates a port in the default registry, at `preferred` or above.
///
/// Returns `preferred` if it is free, and otherwise the next free port of the `range` ports that begin there. Throws
/// ``PortManagerError``, such as `pool_full` when none of them is free.
public func acquirePort(_ preferred: Int = 3000, _ range: Int = 100) async throws(PortManagerError) -> Int {
    try await DefaultManager.get().acquirePort(preferred, range)
}

/// Ends the allocation of a port in the default registry. Returns `false` when the port was not allocated.
@discardableResult
public func releasePort(_ port: Int) async throws(PortManagerError) -> Bool {
    try await DefaultManager.get().release(port)
}

/// Returns every allocation of the default registry, in the order in which they were made.
public func listAllocations() async throws(PortManagerError) -> [PortAllocation] {
    try await DefaultManager.get().listAllocations()
}
