extension HomeDirectory {
    /// The process that listens on the home's socket, as the kernel tells it; `nil` when nobody does. It may be
    /// ending.
    package var daemon: PeerCredentials.Process? {
        // A connection is made at once, or not at all.
        (try? StreamSocket.connect(path: socketPath, timeout: .seconds(10)))?.peer
    }
}
