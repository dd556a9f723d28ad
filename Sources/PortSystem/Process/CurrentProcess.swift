import CPortSystem
import Libc

/// This process: its pids, arguments, directories and limits.
package enum CurrentProcess {
    /// The pid of this process: getpid(2).
    package static var pid: Int32 { getpid() }

    /// The pid of the parent: getppid(2). 1 or less when the parent has exited or runs outside the container.
    package static var parentPID: Int32 { getppid() }

    /// geteuid(2): the user that this process acts as.
    package static var userID: UInt32 { geteuid() }

    /// Makes this process find users and groups in their files alone. Call it first in an executable that is linked
    /// statically: Foundation finds out the names of a file's owner and group with its size, and glibc then loads the
    /// modules of nsswitch.conf(5), such as that of systemd, which end the process with SIGSEGV.
    package static func findUsersInFiles() { cport_find_users_in_files() }

    /// Returns the last `count` arguments as bytes, because arguments need not be UTF-8.
    package static func lastArguments(_ count: Int) -> [[UInt8]] {
        let all = CommandLine.unsafeArgv
        return (Int(CommandLine.argc) - count..<Int(CommandLine.argc)).map { index in
            all[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
        }
    }

    /// Returns `arguments`, the last ones of this process, but with bytes that are not UTF-8 as ``PathText`` spells
    /// them in names. The standard library puts one character in place of all of them, so that two names became one.
    package static func spelled(_ arguments: [String]) -> [String] {
        guard arguments.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return arguments }
        return lastArguments(arguments.count).map(PathText.name)
    }

    /// Returns the spelling of the path that is the argument `text`, one that ``spelled(_:)`` returned: a backslash in
    /// it may be one of the file's name.
    package static func path(ofArgument text: String) -> String {
        let argument = lastArguments(Int(CommandLine.argc)).first { PathText.name($0) == text }
        return PathText.path(argument ?? Array(text.utf8))
    }

    /// The path of the working directory without symbolic links: getcwd(3). `nil` when it was removed.
    package static var directory: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return PathText.path(path)
    }

    /// The directory of the executable, with symbolic links resolved; `nil` when the system does not report it.
    package static var executableDirectory: String? {
        #if os(Linux)
            // Without /proc, the path that the program was executed by, which may be relative.
            let start: String? =
                access("/proc/self/exe", F_OK) == 0
                ? "/proc/self/exe" : cport_executable_path().map { String(cString: $0) }
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

    /// Changes the working directory to `path`, so that the directory in which the process was started can be removed
    /// or unmounted.
    package static func changeDirectory(to path: String) { chdir(path) }

    /// Unblocks all signals, because a daemon may inherit a mask that blocks SIGTERM.
    package static func unblockSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    /// Raises the soft limit of open descriptors to the hard limit: setrlimit(2). The usual soft limit of 1,024 is too
    /// low for a thousand connections.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(openFiles, &limit)
    }

    /// The maximum number of descriptors that this process may have open.
    static var descriptorLimit: Int {
        var limit = rlimit()
        // _POSIX_OPEN_MAX, the minimum on every system.
        return getrlimit(openFiles, &limit) == 0 ? Int(clamping: limit.rlim_cur) : 20
    }

    #if os(Linux)
        private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let openFiles = RLIMIT_NOFILE
    #endif

    /// Blocks the calling thread for `milliseconds`. Use it only where the kernel offers no event to wait for.
    package static func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }
}

extension CurrentProcess {
    /// Ends this process with the exit status `code`: exit(3).
    package static func exit(_ code: Int32) -> Never { systemExit(code) }
}

/// exit(3), which the method above hides inside the type.
private func systemExit(_ code: Int32) -> Never { exit(code) }
