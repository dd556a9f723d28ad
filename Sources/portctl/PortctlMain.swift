import Libc
import PortCommands

/// The command line's executable. Its name selects the command.
@main
enum PortctlMain {
    static func main() { exit(runProgram(Array(CommandLine.arguments.dropFirst()))) }
}
