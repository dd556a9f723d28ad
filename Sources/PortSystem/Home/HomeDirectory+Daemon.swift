extension HomeDirectory {
    /// The process that listens on the home's socket, from the kernel's peer credentials; `nil` when no process
    /// listens. The process may be exiting.
    package var daemon: PeerCredentials.Process? {
        // Connecting to a Unix socket either succeeds or fails immediately, unless the backlog is full.
        (try? StreamSocket.connect(path: socketPath, timeout: .seconds(10)))?.peer
    }
}
