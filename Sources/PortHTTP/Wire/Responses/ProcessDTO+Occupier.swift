import PortAPI
import PortModel

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

extension ParentDTO {
    init(_ parent: ParentProcess) { self.init(pid: parent.pid, name: parent.name) }
}
