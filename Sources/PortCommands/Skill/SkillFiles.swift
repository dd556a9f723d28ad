import PortSystem

/// The files of the agent skill, which are embedded in the executable.
enum SkillFiles {
    /// The skill's name, which its directory must have.
    static let name = "port-manager"

    /// Each file's path in the skill's directory, and its content.
    static var all: [(path: String, text: [UInt8])] {
        [("SKILL.md", PackageResources.SKILL_md), ("references/WORKFLOW.md", PackageResources.WORKFLOW_md)]
    }

    /// Writes the files into `directory`, which is created if necessary. Replaces the files of an earlier version.
    static func install(in directory: String) throws(SystemError) {
        for file in all {
            let path = "\(directory)/\(file.path)"
            try PlainFile.makeDirectories(of: path)
            try PlainFile.replace(path, with: file.text)
        }
    }
}
