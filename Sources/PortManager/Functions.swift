import Synchronization

/// The functions of seed 000: a manager with the default options behind each.
private enum Standard {
    private static let opened = Mutex<PortManager?>(nil)

    /// Opened by the first call that succeeds.
    static func manager() throws(PortManagerError) -> PortManager {
        try opened.withLock { opened throws(PortManagerError) in
            if let opened { return opened }
            let manager = try PortManager()
            opened = manager
            return manager
        }
    }
}

/// Gives `preferred` if it is free, else the next free one of `range` ports from there on, with the default registry.
public func acquirePort(_ preferred: Int = 3000, _ range: Int = 100) async throws(PortManagerError) -> Int {
    try await Standard.manager().acquirePort(preferred, range)
}

/// Ends the allocation of a port in the default registry. Returns whether there was one.
@discardableResult
public func releasePort(_ port: Int) async throws(PortManagerError) -> Bool {
    try await Standard.manager().release(port)
}

/// Every allocation of the default registry, in the order they were made.
public func listAllocations() async throws(PortManagerError) -> [PortAllocation] {
    try await Standard.manager().listAllocations()
}
