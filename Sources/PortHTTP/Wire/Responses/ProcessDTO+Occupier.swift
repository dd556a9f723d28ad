import PortAPI
import PortModel

extension ProcessDTO {
    init(_ occupier: Occupier) {
        self.init(pid: occupier.pid, name: occupier.name, command: occupier.commandLine, directory: occupier.directory)
        removedDirectory = occupier.removedDirectory
    }
}
