import PortAPI
import PortModel

extension ProcessDTO {
    /// Where the process runs: ` in /shop`, also when the directory was removed; empty when that is unknown.
    var place: String {
        if let removedDirectory { return " in \(removedDirectory.oneLine), which was removed" }
        return directory.map { " in \($0.oneLine)" } ?? ""
    }

    /// ` (stopped)` for a process that a signal has stopped; otherwise empty.
    var stoppedMark: String { stopped == true ? " (stopped)" : "" }
}
