import ArgumentParser

struct Skill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Teach coding agents to use portctl.",
        subcommands: [SkillInstall.self]
    )
}
