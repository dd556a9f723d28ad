import PortModel
import PortProject
import Synchronization

/// The projects around the directories of processes, for one question: several processes run in one directory, and both
/// the listeners and their reports need it, but its git files are read once.
final class DetectedProjects: Sendable {
    private let known = Mutex<[String: (project: Project, checkout: String?)]>([:])

    init() {}

    /// Returns the project of the absolute path `directory`.
    func project(at directory: String) -> Project { detected(directory).project }

    /// Returns the listener with the checkouts of its occupiers.
    func addingCheckouts(to listener: Listener) -> Listener {
        var listener = listener
        listener.occupiers = listener.occupiers.map { occupier in
            var occupier = occupier
            occupier.checkout = occupier.directory.flatMap { detected($0).checkout }
            return occupier
        }
        return listener
    }

    private func detected(_ directory: String) -> (project: Project, checkout: String?) {
        if let detected = known.withLock({ $0[directory] }) { return detected }
        let detected = ProjectDetector().detect(at: directory)
        known.withLock { $0[directory] = detected }
        return detected
    }
}
