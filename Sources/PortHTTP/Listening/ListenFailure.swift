/// A configured address that cannot be opened. It ends the daemon.
package struct ListenFailure: Error, CustomStringConvertible {
    package let address: ListenAddress
    /// Whether another program uses the address.
    package let isTaken: Bool
    /// The system's error.
    let reason: String

    package var description: String {
        isTaken
            ? "\(address) is taken by another program: name another with the setting listen"
            : "cannot listen on \(address): \(reason)"
    }
}
