import ArgumentParser
import PortAPI

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version, commit, and build date.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        try Output.result(
            Body(),
            asJSON: json,
            text: """
                portctl \(BuildInformation.version)
                commit: \(BuildInformation.commit)
                built:  \(BuildInformation.buildDate)
                """
        )
    }

    private struct Body: Encodable {
        var version = BuildInformation.version
        var commit = BuildInformation.commit
        var build_date = BuildInformation.buildDate
    }
}
