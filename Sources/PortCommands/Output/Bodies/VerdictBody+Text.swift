import PortAPI
import PortModel

extension VerdictBody {
    /// What to do about the first port on which another server listens, or on which nobody does because the service
    /// listens elsewhere; `nil` when there is none.
    var cure: String? { ports.lazy.compactMap(\.cure).first }
}

extension PortVerdictBody {
    /// What to do about another server, or one that listens elsewhere; `nil` when there is nothing to do.
    var cure: String? {
        guard let name else { return nil }
        if let actualPort, verdict != "foreign" { return Cure.drift(of: name, from: port, to: actualPort) }
        // A service of a project is started in its directory, by its own name.
        return verdict == "foreign" ? "  \(Cure.move(name.contains("/") ? service ?? name : name))" : nil
    }

    /// The service as `app/instance/service`, or the machine-wide name that was typed for it; `nil` for no service.
    var name: String? {
        guard let app, let instance, let service else { return nil }
        return ServiceIdentity.machineWideName("\(app)/\(instance)/\(service)")
    }

    /// The verdict in a sentence, with a line for each further process.
    var sentence: String {
        let whose = name.map { "port \(port) of \($0.oneLine)" } ?? "port \(port)"
        guard let first = listeners.first else { return "none: nobody listens on \(whose)" }
        if verdict == "none" {
            let others = listeners.map { "\($0.address): \($0.who)" }.joined(separator: "; ")
            return "none: nobody listens at that address on \(whose), but on \(others)"
        }
        let place = actualPort.map { "\(whose) (it listens on \($0) instead)" } ?? whose
        let others = listeners.dropFirst().map { "  \($0.verdict): \($0.who): \($0.reason.oneLine)" }
        return (["\(verdict): \(place) is served by \(first.who): \(first.reason.oneLine)"] + others)
            .joined(separator: "\n")
    }
}

extension ListenerVerdictBody {
    /// The process, where it runs, and for how long: `node (pid 12) in /shop (project shop/main), up 3 minutes`.
    var who: String {
        guard let process else { return "an unknown process of user id \(userID)" }
        let project = project.map { " (project \($0.oneLine))" } ?? ""
        let removed = process.removedDirectory.map { " in \($0.oneLine) (removed)" }
        let place = process.directory.map { " in \($0.oneLine)" } ?? removed ?? ""
        let age = process.age.map { ", up \(Duration.words(seconds: max($0, 1)))" } ?? ""
        return "\(process.description.oneLine)\(place)\(project)\(age)"
    }
}

extension Duration {
    /// A time for people: `5 seconds`, `1 minute`, `3 hours`, `2 days`.
    static func words(seconds: Int) -> String {
        let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)]
        let (unit, size) = units.first { seconds >= $0.1 } ?? units[3]
        let count = seconds / size
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
