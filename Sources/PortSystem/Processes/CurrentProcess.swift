internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// This process.
package enum CurrentProcess {
    package static var pid: Int32 { getpid() }

    /// Who started this process; 1 or less when that one is gone, or lives outside the container.
    package static var parentPID: Int32 { getppid() }

    /// The last `count` arguments as they were given, which may be no UTF-8.
    package static func lastArguments(_ count: Int) -> [[UInt8]] {
        let all = CommandLine.unsafeArgv
        return (Int(CommandLine.argc) - count..<Int(CommandLine.argc)).map { index in
            all[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
        }
    }

    /// The physical path of the working folder; `nil` when it was removed.
    package static var folder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// The folder of the executable, links resolved.
    package static var executableFolder: String? {
        #if os(Linux)
            let start: String? = "/proc/self/exe"
        #else
            var size: UInt32 = 4096
            var buffer = [CChar](repeating: 0, count: Int(size))
            let start = _NSGetExecutablePath(&buffer, &size) == 0 ? String(cString: buffer) : nil
        #endif
        guard let start, let path = realpath(start, nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }

    /// Where PATH has the command `name`, if that is the file `path`.
    package static func command(_ name: String, leadingTo path: String) -> String? {
        for folder in HomeFolder.environment("PATH")?.split(separator: ":") ?? [] where folder.hasPrefix("/") {
            guard let target = realpath("\(folder)/\(name)", nil) else { continue }
            defer { free(target) }
            if String(cString: target) == path { return "\(folder)/\(name)" }
        }
        return nil
    }

    /// Whether text written to `descriptor` (1 or 2) may have colours: a terminal, and no NO_COLOR.
    package static func mayColour(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && HomeFolder.environment("NO_COLOR") == nil
            && HomeFolder.environment("TERM") != "dumb"
    }

    /// Whether somebody can be asked: standard input and standard error are terminals.
    package static var canAsk: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// Writes text to standard output (1) or standard error (2). Throws what write(2) says, such as ENOSPC.
    package static func write(_ text: String, to descriptor: Int32) throws(SystemError) {
        try write(Array(text.utf8), to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try retrying("write") {
                rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Opens /dev/null in place of standard streams that the caller closed, so that no socket or file of ours gets a
    /// number that messages are written to. A command that this process becomes finds them closed again.
    package static func openMissingStandardStreams() {
        while true {
            let number = open("/dev/null", O_RDWR | O_CLOEXEC)
            if number > 2 || number < 0 {
                close(number)
                return
            }
        }
    }

    /// Lets every signal in, whatever the starter had blocked: SIGTERM must be able to end a daemon.
    package static func unblockSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    /// Files made from now on are closed to other users.
    package static func keepNewFilesPrivate() { umask(0o077) }

    /// Raises the limit of open descriptors as far as this user may, for a thousand connections and more.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(openFiles, &limit)
    }

    /// How many descriptors this process may have open.
    static var descriptorLimit: Int {
        var limit = rlimit()
        // POSIX promises 20.
        return getrlimit(openFiles, &limit) == 0 ? Int(clamping: limit.rlim_cur) : 20
    }

    #if os(Linux)
        private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let openFiles = RLIMIT_NOFILE
    #endif

    /// Leaves the folder the process was started in, so that it can be removed or unmounted.
    package static func changeFolder(to path: String) { chdir(path) }

    /// Closes the file at `path` to other users. Throws what chmod(2) says.
    package static func closeToOthers(_ path: String) throws(SystemError) {
        guard chmod(path, 0o600) == 0 else { throw .last("chmod", path) }
    }

    /// Writes one line to the pipe of whoever started this process, once, and closes it; without one nothing happens.
    package static func tellStarter(_ line: String) {
        guard let number = starter.withLock({ $0.take() }) else { return }
        let descriptor = FileDescriptor(owning: number)
        // A starter that went away needs to know nothing.
        try? write(line + "\n", to: descriptor.number)
    }

    /// Whether a starter waits to hear from this process. To be asked first before there are threads: it takes the
    /// variable out of the environment.
    package static var hasStarter: Bool { starter.withLock { $0 != nil } }

    /// The pipe to the starter, until it was told.
    private static let starter = Mutex<Int32?>(
        {
            defer { unsetenv(DetachedProcess.readinessVariable) }
            return HomeFolder.environment(DetachedProcess.readinessVariable).flatMap { Int32($0) }
        }()
    )

    /// The errno of bind(2) for an address that another socket has.
    package static let addressInUse = EADDRINUSE

    /// Whether `path` is a folder, following links.
    package static func folderExists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension CurrentProcess {
    /// Waits, for want of an event to wait for.
    package static func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }
}

extension CurrentProcess {
    /// Ends this process at once.
    package static func exit(_ code: Int32) -> Never { systemExit(code) }
}

private func systemExit(_ code: Int32) -> Never { exit(code) }
