import PortModel

/// Which app a directory is, when two directories have one name.
struct ProjectNaming {
    private let reading: any RegistryReading
    private let directoryExists: (String) -> Bool

    init(reading: any RegistryReading, directoryExists: @escaping (String) -> Bool) {
        self.reading = reading
        self.directoryExists = directoryExists
    }

    /// The app of the project at `root` whose directory is called `name`. The name it was given first stays; a name whose
    /// directory is gone passes on, so that a project that was moved keeps its ports; a name that another existing directory
    /// has is told apart by the parent directory's name (`client-api`).
    func app(named name: String, at root: String) throws -> String {
        if let known = try reading.projectApp(atRoot: root) { return known }
        for candidate in candidates(named: name, at: root) {
            guard let owner = try reading.projectRoot(ofApp: candidate) else { return candidate }
            if !directoryExists(owner) { return candidate }
        }
        return name
    }

    /// The app as it was spelled out, or the one that the detected name stands for.
    func app(of name: String, project: ProjectDirectory?) throws -> String {
        try project.map { try app(named: name, at: $0.root) } ?? name
    }

    /// `api`, `client-api`, `work-client-api`… up to the root directory, then numbered.
    private func candidates(named name: String, at root: String) -> some Sequence<String> {
        var parents = root.split(separator: "/").dropLast().map(String.init)
            .filter { !$0.unicodeScalars.contains(where: Name.isUnprintable) }
        var prefixed = name
        var number = 1
        return sequence(state: true) { (isFirst: inout Bool) -> String? in
            if isFirst {
                isFirst = false
            } else if let parent = parents.popLast(), prefixed.count + parent.count < Name.maximumLength {
                prefixed = "\(parent)-\(prefixed)"
            } else {
                number += 1
                return "\(prefixed.prefix(Name.maximumLength - 8))-\(number)"
            }
            return prefixed
        }
    }
}
