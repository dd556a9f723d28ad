import PortAPI
import PortModel
import PortSystem

/// The process that a command is about to kill.
struct KillTarget {
    let process: ProcessDTO
    let port: Int

    /// Asks for confirmation unless the process runs in this project's directory. Throws ``Failure`` when the answer is
    /// not yes, or when there is no terminal to ask on.
    func confirm() throws {
        if isOwn { return }
        let place = process.directory.map { " in \($0.oneLine)" } ?? ""
        let who = "\(process.description.oneLine)\(place)"
        guard Terminal.isInteractive else {
            throw Failure("\(who) does not belong to this project", hint: "--yes kills it anyway")
        }
        Output.note("kill \(who), which listens on port \(port)? [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure("nothing was killed")
        }
    }

    /// Whether the process runs in the git checkout that contains the working directory or, without git, in the working
    /// directory itself. Only equal directories count: a process in a project below this one belongs to that project.
    private var isOwn: Bool {
        guard let here = CurrentProcess.directory, let directory = process.directory else { return false }
        let detector = ProjectDetector()
        let project = detector.project(at: here)
        project.explainBrokenLink()
        return detector.project(at: directory).directory == project.directory
    }
}
