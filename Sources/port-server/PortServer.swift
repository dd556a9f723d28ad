import PortDaemon

/// The daemon's executable.
@main
enum PortServer {
    static func main() { PortServerCommand.main() }
}
