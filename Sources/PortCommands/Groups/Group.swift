import ArgumentParser
import PortAPI
import PortModel

struct Group: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ports that are allocated together, all or none.",
        subcommands: [GroupAllocate.self, GroupList.self, GroupRelease.self]
    )
}
