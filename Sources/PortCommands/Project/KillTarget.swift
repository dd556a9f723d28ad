import PortAPI
import PortModel
import PortSystem

/// The process that a command is about to end.
struct KillTarget {
    let process: ProcessDTO
    let port: Int

    /// Asks whether a process that does not run in this project's directory may be ended. Throws when it may not: the
    /// answer was no, or there is nobody to ask.
    func confirm() throws {
        if isOwn { return }
        let place = process.directory.map { " in \($0.oneLine)" } ?? ""
        let who = "\(process.description.oneLine)\(place)"
        guard Terminal.isInteractive else {
            throw Failure("\(who) is not of this project", hint: "--yes ends it all the same")
        }
        Output.note("end \(who), which listens on port \(port)? [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure("nothing was ended")
        }
    }

    /// Whether the process runs in the checkout that this command was typed in; without git in this very directory. A
    /// directory that contains others' projects makes them nobody's own.
    private var isOwn: Bool {
        guard let here = CurrentProcess.directory, let directory = process.directory else { return false }
        let detector = ProjectDetector()
        return detector.project(at: directory).directory == detector.project(at: here).directory
    }
}
