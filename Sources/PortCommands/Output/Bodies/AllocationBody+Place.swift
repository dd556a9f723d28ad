import PortAPI
import PortModel

extension AllocationBody {
    /// Where the service is: the port on which it really listens, else its own.
    var place: Int { actualPort ?? port }

    /// The port in listings: `8002`, or `8002 → 5173` for a service that listens elsewhere.
    var portText: String { Self.portText(port, actual: actualPort) }

    /// See ``portText``.
    static func portText(_ port: Int, actual: Int?) -> String { actual.map { "\(port) → \($0)" } ?? "\(port)" }

    /// Says that the service listens elsewhere.
    func explainDrift() {
        guard let actualPort else { return }
        Output.note(Cure.drift(of: name, from: port, to: actualPort))
    }
}
