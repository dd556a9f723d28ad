import PortAPI
import PortModel

extension AllocationBody {
    /// Prints a warning for each process on the port whose directory was removed: it serves what is no longer there.
    func explainRemovedDirectories() {
        for process in occupiers ?? [] {
            guard let directory = process.removedDirectory else { continue }
            let who = "\(process.description.oneLine), whose directory \(directory.oneLine) was removed"
            Output.note("warning: port \(port) of \(name) is served by \(who); to end it: portctl kill \(port)")
        }
    }
}
