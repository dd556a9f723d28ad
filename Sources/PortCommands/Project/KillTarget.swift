import PortAPI
import PortModel
import PortSystem

/// The process that a command is about to kill.
struct KillTarget {
    let process: ProcessDTO
    let port: Int
    /// The other ports that the process listens on.
    let otherPorts: [Int]

    /// Creates the target from the answer to a dry run.
    init(_ answer: KillBody) {
        process = answer.process
        port = answer.port
        otherPorts = answer.otherPorts ?? []
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

    /// Whether the process runs in the git checkout that contains the working directory or, without git, in the working
    /// directory itself. Only equal directories count: a process in a project below this one belongs to that project.
    /// One in another mount namespace, where another directory may be at the same path, runs elsewhere.
    private var isOwn: Bool {
        guard let here = CurrentProcess.directory, let directory = process.directory,
            Directory.exists(directory, asWorkingDirectoryOf: process.pid)
        else { return false }
        let detector = ProjectDetector()
        let project = detector.project(at: here)
        project.explainBrokenLink()
        return detector.project(at: directory).directory == project.directory
    }
}
