import PortAPI
import PortModel

extension PortBody {
    /// A line for each process that uses the port without listening on it.
    var useLines: [String] { (uses ?? []).flatMap { $0.lines(port: port) } }
}

extension PortUseBody {
    /// A line for each process, such as `node (pid 7) has it as its end of a connection to 127.0.0.1:5432 in /shop`.
    fileprivate func lines(port: Int) -> [String] {
        let what =
            peer.map { "has it as its end of a connection to \($0)" } ?? "has a socket bound to it, and does not listen"
        guard processes.isEmpty else {
            return processes.map { process in
                let place = process.directory.map { " in \($0.oneLine)" } ?? ""
                return "\(process.description.oneLine)\(place) \(what)"
            }
        }
        return ["\(userID.map { "an unknown process of user id \($0)" } ?? "a process that has ended") \(what)"]
    }
}
