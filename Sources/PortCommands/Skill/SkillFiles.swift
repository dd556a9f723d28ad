import PortSystem

/// The agent skill's texts, which are part of the executable.
enum SkillFiles {
    static var all: [(path: String, text: [UInt8])] {
        [("SKILL.md", PackageResources.SKILL_md), ("references/WORKFLOW.md", PackageResources.WORKFLOW_md)]
    }

    /// Writes the skill, making the directories; what an earlier version wrote is replaced.
    static func install(in directory: String) throws(SystemError) {
        for file in all {
            let path = "\(directory)/\(file.path)"
            try PlainFile.makeDirectories(of: path)
            try PlainFile.replace(path, with: file.text)
        }
    }
}
