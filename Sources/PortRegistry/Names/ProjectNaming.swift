import PortModel

/// Decides which app name a project has when several directories have the same name, or a directory was renamed.
struct ProjectNaming {
    private let reading: any ProjectReading
    private let machine: any Machine

    init(reading: any ProjectReading, machine: any Machine) {
        self.reading = reading
        self.machine = machine
    }

    /// An app name, and why the project has it.
    struct Decision {
        var app: String
        /// The root of the project that had the name before and is gone, when it is not known to be the same directory.
        var predecessor: String?
        /// Why the app is not called as the directory is.
        var difference: Difference?

        init(_ app: String, after predecessor: String? = nil, _ difference: Difference? = nil) {
            self.app = app
            self.predecessor = predecessor
            self.difference = difference
        }

        /// What a caller should know whose project at `root`, a directory called `name`, has another name, or has the
        /// name, and with it the ports, of another project.
        func warnings(for name: String, at root: String) -> [String] {
            let root = root.oneLine
            let predecessor = predecessor.map {
                "\"\(app)\" was the name of \($0.oneLine), which is gone: \(root) has it now, and its ports"
            }
            let difference: String? =
                switch app == name ? nil : difference {
                case .namesake: "another directory is already called \"\(name)\": \(root) is \"\(app)\""
                case .renamed: "\(root) was renamed: it keeps the name \"\(app)\", and its ports"
                case .kept: "\(root) keeps the name \"\(app)\", and its ports"
                case nil: nil
                }
            return [difference, predecessor].compactMap(\.self)
        }
    }

    /// Why an app has another name than its directory.
    enum Difference {
        /// Another existing directory has the name.
        case namesake
        /// The directory was found again under another name.
        case renamed
        /// It got the name earlier, before it was renamed or while another directory had its own.
        case kept
    }

    /// Returns the app name of `project`, whose root directory is called `name`. A project keeps the name that it got
    /// first, also when its directory was moved or renamed, as inode and birth time prove. The name of a directory that
    /// is gone is given to the next project of that name; that of one whose file system is not mounted is not. When
    /// another existing directory has the name, the parent directory's name is put before it (`client-api`).
    func decide(named name: String, for project: Project.Directories) throws -> Decision {
        if let known = try reading.project(atRoot: project.root) {
            guard known.app != name else { return Decision(name) }
            let namesake = try reading.project(ofApp: name)
            let hasNamesake = namesake.map { $0.root != project.root && machine.directoryExists($0.root) } ?? false
            return Decision(known.app, hasNamesake ? .namesake : .kept)
        }
        if let identity = project.rootIdentity {
            let moved = try reading.projects(withInode: identity.inode).first {
                $0.rootIdentity?.isSameDirectory(as: identity) ?? false && !machine.directoryExists($0.root)
            }
            if let moved { return Decision(moved.app, .renamed) }
        }
        for candidate in candidates(named: name, at: project.root) {
            guard let owner = try reading.project(ofApp: candidate) else {
                return Decision(candidate, .namesake)
            }
            if machine.directoryExists(owner.root) { continue }
            // The directory is not gone when its file system is not mounted.
            if let mountPoint = owner.rootIdentity?.mountPoint, !machine.isMountPoint(mountPoint) { continue }
            return Decision(candidate, after: owner.root, .namesake)
        }
        return Decision(name)
    }

    /// Returns the app name that a detected `name` stands for, or `name` itself when it was spelled out.
    func app(of name: String, project: Project.Directories?) throws -> String {
        try project.map { try decide(named: name, for: $0).app } ?? name
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
