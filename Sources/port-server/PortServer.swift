import PortDaemon
import PortSystem

/// The daemon's executable.
@main
enum PortServer {
    static func main() {
        CurrentProcess.findUsersInFiles()
        PortServerCommand.main()
    }
}
