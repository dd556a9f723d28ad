import PortAPI
import PortModel
import PortRegistry

extension KillBody {
    init(_ kill: Kill) {
        self.init(
            port: Int(kill.port.number),
            status: "terminated",
            process: ProcessDTO(kill.target),
            otherPorts: kill.otherPorts.numbers,
            parent: kill.survivingParent.map(ParentDTO.init),
            signal: kill.wasForced ? "SIGKILL" : "SIGTERM"
        )
    }

    /// The response to a dry run: `candidate` would be killed.
    init(dryRunOn port: Port, candidate: KillCandidate) {
        self.init(
            port: Int(port.number),
            status: "listening",
            process: ProcessDTO(candidate.process),
            otherPorts: candidate.otherPorts.numbers,
            isOwn: candidate.isOwn,
            signal: nil
        )
    }
}

extension [Port] {
    /// The numbers; `nil` when there are none.
    var numbers: [Int]? { isEmpty ? nil : map { Int($0.number) } }
}
