import Libc
import PortCommands

exit(runProgram(Array(CommandLine.arguments.dropFirst())))
