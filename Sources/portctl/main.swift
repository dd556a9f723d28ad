import PortCommands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

exit(runPortctl(Array(CommandLine.arguments.dropFirst())))
