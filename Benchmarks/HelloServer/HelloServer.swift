import Hummingbird
import Logging

/// What a daemon's start is measured against: Hummingbird with one route on a Unix socket, `hello-server PATH`.
@main
struct HelloServer {
    static func main() async throws {
        let router = Router()
        router.get("/") { _, _ in "hello" }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: CommandLine.arguments[1])),
            logger: Logger(label: "hello") { _ in SwiftLogNoOpLogHandler() }
        )
        try await application.runService()
    }
}
