/// A required address that cannot be opened. It ends the daemon.
package struct AddressFailure: Error, CustomStringConvertible {
    package let address: DaemonAddress
    /// Whether another program uses the address.
    package let isTaken: Bool
    /// Whether another address may be named instead: a TCP address that another program uses.
    package var canBeAnother: Bool { if isTaken, case .tcp = address { true } else { false } }
    /// The system's error.
    let reason: String

    package var description: String {
        if canBeAnother { return "\(address) is taken by another program" }
        return "cannot listen on \(address): \(reason)"
    }
}
