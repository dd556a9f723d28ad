import PortAPI
import PortModel

extension AllocationBody {
    /// The processes that listen, with their directories.
    private func names(_ verdict: String) -> String {
        let processes = (occupiers ?? []).filter { $0.verdict == verdict }
        guard !processes.isEmpty else { return "a process that the system does not show" }
        return processes.map { process in
            let removed = process.removedDirectory.map { " in \($0.oneLine) (removed)" }
            return "\(process.description.oneLine)\(process.directory.map { " in \($0.oneLine)" } ?? removed ?? "")"
        }.joined(separator: ", ")
    }

    /// That another server listens on the port, and why that is known.
    var foreignMessage: String {
        "port \(place) of \(name.oneLine) is taken by another server, \(names("foreign")): \(reason ?? "")"
    }

    /// The refusal to print the port of another server. `name` is what the service was called by.
    func foreignFailure(named name: String) -> Failure {
        Failure(
            foreignMessage,
            hint: "\(Cure.move(name)); to end that process: portctl kill \(port); "
                + "to print the port all the same: portctl lookup --claim \(name.shellQuoted)",
            exitCode: AnswerCode.foreign,
            code: "foreign",
            subject: "\(port)"
        )
    }

    /// Says that nothing proves whose server listens.
    func explainUnknown() {
        Output.note(
            "warning: port \(port) of \(self.name.oneLine) is served by \(names("unknown")); nothing proves that it is "
                + "the right server: \(reason ?? "")"
        )
    }
}
