import PortAPI
import PortModel
import PortProject
import PortSystem

/// The process that a command is about to kill.
struct KillTarget {
    let process: ProcessDTO
    let port: Int
    /// The other ports that the process listens on.
    let otherPorts: [Int]
    private let answersOwn: Bool

    /// Creates the target from the answer to a dry run.
    init(_ answer: KillBody) {
        process = answer.process
        port = answer.port
        otherPorts = answer.otherPorts ?? []
        answersOwn = answer.isOwn ?? false
    }

    /// Asks for confirmation unless the process runs in this project's directory. Throws ``Failure`` when the answer is
    /// not yes, or when there is no terminal to ask on.
    func confirm() throws {
        if isOwn { return }
        let who = "\(process.description.oneLine)\(process.place)"
        guard Terminal.isInteractive else {
            let also = otherPorts.isEmpty ? "" : ", and listens on \(otherPorts.listed), too"
            throw Failure(
                "\(who) does not belong to this project\(also)",
                hint: "--yes kills it anyway",
                code: "other_project",
                subject: "\(port)"
            )
        }
        let ports = ([port] + otherPorts).sorted()
        try Terminal.confirm(
            "kill \(who), which listens on port\(otherPorts.isEmpty ? "" : "s") \(ports.listed)?",
            otherwise: "nothing was killed"
        )
    }

    /// The dry run that also says whether the process belongs to the project of the working directory.
    static func question(pid: Int?) -> KillRequestBody {
        let directory = CurrentProcess.directory.map { ProjectDetector().project(at: $0).directories?.directory ?? $0 }
        return KillRequestBody(pid: pid, dryRun: true, projectDirectory: directory)
    }

    /// Whether the daemon counts the process to this project, and its directory is the one that this command sees: one
    /// of them may live in another mount namespace. `false` for a daemon that does not say.
    var isOwn: Bool {
        guard let here = CurrentProcess.directory, let directory = process.directory,
            Directory.exists(directory, asWorkingDirectoryOf: process.pid)
        else { return false }
        ProjectDetector().project(at: here).explainBrokenLink()
        return answersOwn
    }
}
