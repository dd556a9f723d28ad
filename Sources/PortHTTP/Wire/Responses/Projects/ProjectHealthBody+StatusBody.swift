import PortAPI

extension ProjectHealthBody {
    init(_ status: StatusBody) {
        self.init(
            status: "ok",
            uptimeSeconds: status.uptimeSeconds,
            activePorts: status.allocations,
            pid: status.pid
        )
    }
}
