import PortModel
import PortProject
import PortRegistry
import PortSystem
import Synchronization

/// The projects around the directories of processes, for one question: several processes run in one directory, and both
/// the listeners and their reports need it, but its git files are read once.
final class DetectedProjects: Sendable {
    private let known = Mutex<[String: (project: Project, checkout: String?)]>([:])
    private let places = Mutex<[String: ProcessPlace]>([:])

    init() {}

    /// Returns the project of the absolute path `directory`.
    func project(at directory: String) -> Project { detected(directory).project }

    /// Returns the listener with the places of its occupiers.
    func addingPlaces(to listener: Listener) -> Listener {
        var listener = listener
        for index in listener.occupiers.indices {
            guard let directory = listener.occupiers[index].directory else { continue }
            let root = MountNamespace.root(of: listener.occupiers[index].pid)
            listener.occupiers[index].place = place(of: directory, below: root)
        }
        return listener
    }

    /// Returns what is at the path of a service's directory.
    func state(of directory: String) -> DirectoryState {
        guard let own = ProcessPlace.Step(directory: directory) else {
            let above = FilePaths.ancestors(of: directory).dropFirst().lazy.compactMap {
                ProcessPlace.Step(directory: $0)
            }
            return Directory.isMissing(directory)
                ? above.first.map { .missing(device: $0.device) } ?? .unreachable
                : .unreachable
        }
        guard let stamp = DirectoryStamp(ofDirectory: directory) else { return .unreachable }
        return .present(stamp, checkout: place(of: directory, below: "").checkout ?? own)
    }

    /// Returns the place of a process in `directory`. Its files are those below `root`.
    private func place(of directory: String, below root: String) -> ProcessPlace {
        let key = root + directory
        if let known = places.withLock({ $0[key] }) { return known }
        let checkout =
            root.isEmpty ? detected(directory).checkout : Directory.nearest(to: directory, below: root, with: ".git")
        let step = checkout.flatMap { ProcessPlace.Step(directory: $0, below: root) }
        let above = step == nil ? FilePaths.ancestors(of: directory) : []
        let place = ProcessPlace(
            checkout: step,
            directories: above.compactMap { ProcessPlace.Step(directory: $0, below: root) }
        )
        places.withLock { $0[key] = place }
        return place
    }

    private func detected(_ directory: String) -> (project: Project, checkout: String?) {
        if let detected = known.withLock({ $0[directory] }) { return detected }
        let detected = ProjectDetector().detect(at: directory)
        known.withLock { $0[directory] = detected }
        return detected
    }
}
