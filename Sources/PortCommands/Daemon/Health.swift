import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check if the server is reachable.",
        discussion: "Exit code 0 if healthy, 1 if unhealthy or unreachable. Does not start the daemon."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        do {
            let health = try PortClient(address: ServerAddress.current(), policy: .wait)
                .daemon.health()
            try Output.result(health, asJSON: json, text: "healthy")
        } catch let error as RegistryError {
            throw Failure(error)
        } catch let error as ClientError {
            throw Failure(
                "unhealthy: \(error.message)",
                hint: error.hint(in: \.commandLineWords),
                code: error.code,
                subject: error.subject
            )
        }
    }
}
