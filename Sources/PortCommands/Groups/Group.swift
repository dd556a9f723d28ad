import ArgumentParser
import PortAPI
import PortModel

struct Group: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage groups of ports that are allocated together.",
        subcommands: [GroupAllocate.self, GroupList.self, GroupRelease.self]
    )
}
