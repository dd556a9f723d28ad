import PortAPI
import PortModel
import PortRegistry

extension ListenerBody {
    init(_ report: ListenerReport, now: Uptime) {
        let listener = report.listener
        self.init(
            port: Int(listener.port.number),
            transport: listener.transport == .tcp ? nil : listener.transport.rawValue,
            address: listener.address,
            userID: listener.userID,
            processes: listener.occupiers.map { occupier in
                var process = ProcessDTO(occupier)
                process.forwards = Forwarder(occupier)?.remedy(for: listener.port, pid: occupier.pid).phrase.text
                return process
            }.adding(report.allocation?.verdict),
            project: report.project.map { "\($0.app)/\($0.instance)" },
            allocation: report.allocation.map {
                var body = AllocationBody($0, now: now)
                // They are the processes of this listener.
                body.occupiers = nil
                return body
            }
        )
    }
}
