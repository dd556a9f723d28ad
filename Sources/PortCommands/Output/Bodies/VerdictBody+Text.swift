import PortAPI
import PortModel

extension PortVerdictBody {
    /// The service as `app/instance/service`, or the machine-wide name that was typed for it; `nil` for no service.
    var name: String? {
        guard let app, let instance, let service else { return nil }
        return ServiceIdentity.machineWideName("\(app)/\(instance)/\(service)")
    }

    /// The verdict in a sentence, with a line for each further process.
    var sentence: String {
        let whose = name.map { "port \(port) of \($0.oneLine)" } ?? "port \(port)"
        guard let first = listeners.first else { return "none: nobody listens on \(whose)" }
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
