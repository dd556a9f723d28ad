import PortAPI
import PortModel
import PortSystem

extension ProjectScope {
    /// Whether the allocation is this project's. The directory decides where both are known, since two directories may
    /// have one name; one that is gone decides nothing.
    func owns(_ allocation: AllocationBody) -> Bool {
        if let directories, let directory = allocation.directory, Directory.exists(directory) {
            return directory == directories.directory
        }
        return allocation.app == app && allocation.instance == instance
    }

    /// Prints a note when NAME was found outside of this project.
    func explain(_ service: ServiceBody, named name: String) {
        let isSpelledOut = (try? ServiceIdentity(path: name)) != nil
        guard !isSpelledOut, let first = service.allocations.first, !owns(first) else { return }
        let place = first.directory.map { " in \($0.oneLine)" } ?? ""
        Output.note("this project has no service \"\(name)\"; it is the name of \(service.identity)\(place)")
    }

    /// Prints whose allocations were released, as far as they are not the project's. Without a project, for a
    /// directory that is gone, all are named.
    static func explain(released allocations: [AllocationBody]?, by project: ProjectScope?) {
        let others = (allocations ?? []).filter { !(project?.owns($0) ?? false) }
        for other in others.prefix(maximumNotes) {
            let place = other.directory.map { " in \($0.oneLine)" } ?? ""
            let isOtherInstance = other.app == project?.app && other.instance != project?.instance
            let kind = isOtherInstance ? "another instance of this project" : "not this project"
            Output.note("port \(other.port) was that of \(other.name.oneLine)\(place), which is \(kind)")
        }
        if others.count > maximumNotes {
            Output.note("and \(others.count - maximumNotes) more that are not this project's")
        }
    }

    /// The lines that a person reads at a glance.
    private static var maximumNotes: Int { 10 }
}
