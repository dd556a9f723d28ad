/// A required address that cannot be opened. It ends the daemon.
package struct AddressFailure: Error, CustomStringConvertible {
    package let address: DaemonAddress
    /// Whether another program uses the address.
    package let isTaken: Bool
    /// The system's error.
    let reason: String

    package var description: String {
        if isTaken, case .tcp = address {
            return "\(address) is taken by another program: name another with --port or --listen"
        }
        return "cannot listen on \(address): \(reason)"
    }
}
