internal import PortSystem

/// The agent skill's texts, which are part of the executable.
enum SkillFiles {
    static var all: [(path: String, text: [UInt8])] {
        [("SKILL.md", PackageResources.SKILL_md), ("references/WORKFLOW.md", PackageResources.WORKFLOW_md)]
    }

    /// Writes the skill, making the folders; what an earlier version wrote is replaced.
    static func install(in folder: String) throws(SystemError) {
        for file in all {
            let path = "\(folder)/\(file.path)"
            try PlainFile.makeFolders(of: path)
            try PlainFile.replace(path, with: file.text)
        }
    }
}
