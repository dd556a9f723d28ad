import PortAPI
import PortModel
import PortRegistry

extension ProcessDTO {
    init(_ occupier: Occupier) {
        self.init(
            pid: occupier.pid,
            name: occupier.name,
            command: occupier.commandLine,
            directory: occupier.directory,
            parent: occupier.parent.map(ParentDTO.init),
            stopped: occupier.isStopped ? true : nil
        )
        removedDirectory = occupier.removedDirectory
    }
}

extension [ProcessDTO] {
    /// Returns the processes with the verdict on each.
    func adding(_ verdict: ServiceVerdict?) -> [ProcessDTO] {
        map { process in
            var process = process
            process.verdict = verdict?.verdict(on: process.pid)?.rawValue
            return process
        }
    }
}

extension ParentDTO {
    init(_ parent: ParentProcess) { self.init(pid: parent.pid, name: parent.name) }
}
