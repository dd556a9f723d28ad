import Libc

extension CallerOwner {
    /// The owner of what this process gets. On macOS, which does not show where a process reads from, it is the parent.
    package static var current: CallerOwner {
        #if os(Linux)
            // In a pid namespace with another one's /proc, the pids there are those of other processes.
            if Directory.target(ofLink: "/proc/self") == "\(CurrentProcess.pid)" {
                return choose(
                    above: CurrentProcess.parentPID,
                    output: outputPipe,
                    process: CallingProcess.init(reading:),
                    reads: CallingProcess.reads
                )
            }
        #endif
        return CallerOwner(pid: CurrentProcess.parentPID, isCertain: true)
    }

    #if os(Linux)
        /// The inode of the pipe that is this process's standard output; `nil` when that is no pipe.
        private static var outputPipe: UInt64? {
            var status = stat()
            guard fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
            return UInt64(status.st_ino)
        }
    #endif
}

#if os(Linux)
    extension CallingProcess {
        /// Reads the process; `nil` when there is none with that pid.
        fileprivate init?(reading pid: Int32) {
            guard let stat = ProcessStat(pid: pid) else { return nil }
            self.init(pid: pid, parent: stat.parent, name: stat.name)
            // arg_start and env_start; 0 for a process that this user may not read.
            if stat.arguments > 0, stat.environment > 0 {
                image = Image(arguments: stat.arguments, environment: stat.environment)
            }
            program = Directory.target(ofLink: "/proc/\(pid)/exe")?.split(separator: "/").last.map(String.init)
            outputPipe = Directory.target(ofLink: "/proc/\(pid)/fd/1").flatMap(Self.pipe)
        }

        /// Whether the process has the read end of `pipe` open; `false` when its descriptors cannot be read.
        fileprivate static func reads(_ pid: Int32, _ pipe: UInt64) -> Bool {
            let directory = "/proc/\(pid)/fd"
            return Directory.names(in: directory).contains { name in
                guard Directory.target(ofLink: "\(directory)/\(name)").flatMap(Self.pipe) == pipe else { return false }
                // The mode of the link shows how the descriptor was opened.
                var status = stat()
                return lstat("\(directory)/\(name)", &status) == 0 && status.st_mode & S_IRUSR != 0
            }
        }

        /// Parses the link of a descriptor, such as `pipe:[12345]`.
        private static func pipe(_ link: String) -> UInt64? {
            guard link.hasPrefix("pipe:["), link.hasSuffix("]") else { return nil }
            return UInt64(link.dropFirst("pipe:[".count).dropLast())
        }
    }
#endif
