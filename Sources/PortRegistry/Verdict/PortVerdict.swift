package import PortModel

/// The verdict on who listens on one port, asked for a service or a project.
package struct PortVerdict: Sendable {
    package var port: Port
    /// The service; `nil` when the port is none of the project's.
    package var identity: ServiceIdentity?
    package var verdict: ServiceVerdict
    /// The port on which the service really listens, when that is another one; otherwise `nil`.
    package var actualPort: Port?
    /// The projects of the listeners' processes, by working directory.
    package var projects: [String: Project]

    /// The verdict on several ports: foreign if one is, else unknown, else none, else mine.
    package static func combined(_ verdicts: [PortVerdict]) -> Verdict {
        let found = Set(verdicts.map(\.verdict.verdict))
        return [.foreign, .unknown, .none].first(where: found.contains) ?? (verdicts.isEmpty ? .none : .mine)
    }
}
