import PortAPI
import PortClient
import PortSystem

extension StatusBody {
    /// What a user should know about a daemon that has just started: a recovered database, and addresses that other
    /// programs have.
    var startNotes: [String] {
        recoveryNotes
            + addresses.compactMap { address in
                switch address.state {
                case "taken":
                    "warning: \(address.address) is taken by another program: curl and browsers do not reach the "
                        + "daemon there (portctl who \(address.address.split(separator: ":").last ?? ""))"
                case "unavailable": "warning: \(address.address) cannot be opened: see portctl logs"
                default: nil
                }
            }
    }

    /// What was recovered from a damaged database.
    var recoveryNotes: [String] {
        recovery.map { ["warning: \($0)", "  check portctl list --all for missing allocations"] } ?? []
    }

    /// The status of the home's daemon; `nil` when it does not answer.
    static func current(of home: HomeDirectory) -> StatusBody? {
        try? PortClient(address: .home(home)).daemon.status()
    }
}
