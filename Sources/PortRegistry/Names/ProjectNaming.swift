import PortModel

/// Decides which app name a project has when several directories have the same name.
struct ProjectNaming {
    private let reading: any RegistryReading
    private let directoryExists: (String) -> Bool

    init(reading: any RegistryReading, directoryExists: @escaping (String) -> Bool) {
        self.reading = reading
        self.directoryExists = directoryExists
    }

    /// Returns the app name of the project at `root`, whose directory is called `name`. A project keeps the name that
    /// it got first. The name of a directory that is gone is given to the next project of that name, so that a project
    /// that was moved keeps its ports. When another existing directory has the name, the parent directory's name is put
    /// before it (`client-api`).
    func app(named name: String, at root: String) throws -> String {
        if let known = try reading.projectApp(atRoot: root) { return known }
        for candidate in candidates(named: name, at: root) {
            guard let owner = try reading.projectRoot(ofApp: candidate) else { return candidate }
            if !directoryExists(owner) { return candidate }
        }
        return name
    }

    /// Returns the app name that a detected `name` stands for, or `name` itself when it was spelled out.
    func app(of name: String, project: ProjectDirectory?) throws -> String {
        try project.map { try app(named: name, at: $0.root) } ?? name
    }

    /// The names to try: `api`, `client-api`, `work-client-api` and so on up to the root directory, then numbered ones.
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
