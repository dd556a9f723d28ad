import PortCommands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

exit(runProgram(Array(CommandLine.arguments.dropFirst())))
