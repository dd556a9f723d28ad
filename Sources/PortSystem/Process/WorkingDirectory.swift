import CPortSystem
import Libc
import PortModel

/// The working directory of a process: what is at its path may be another directory by now.
package struct WorkingDirectory: Hashable, Sendable {
    /// The path, as this process's root directory leads to it, with the spelling of ``PathText``; of a directory that
    /// was removed, the path that it had. `nil` when it cannot be read.
    package let path: String?
    /// The number of the device of its file system, in the unit of ``DirectoryIdentity/device``.
    package let device: UInt64
    package let inode: UInt64
    /// The number of links to the directory: 0 for one that was removed.
    package let linkCount: UInt64
    /// In the unit of ``DirectoryIdentity/birthTime``; `nil` when the file system does not record it.
    package let birthTime: Int64?
    /// Whether the process has another mount namespace than this process, so that ``path`` may lead elsewhere for it;
    /// `nil` when this process may not trace it, see ptrace(2). On macOS, which has no such namespaces, `false`.
    package let isInAnotherMountNamespace: Bool?

    /// Whether the directory was removed.
    package var isRemoved: Bool { linkCount == 0 }

    /// Reads the working directory of the process with `pid` and, unless it is `nil`, `startTime`; `nil` when there is
    /// no such process, it has exited, or this user may not read it.
    package init?(ofPID pid: Int32, startTime: Int64? = nil) {
        #if os(Linux)
            guard let process = ProcDirectory(pid: pid) else { return nil }
            if let startTime, process.readStat()?.startTime != startTime { return nil }
            self.init(of: process)
        #else
            if let startTime, ProcessFacts(pid: pid)?.startTime != startTime { return nil }
            var information = proc_vnodepathinfo()
            let size = Int32(MemoryLayout<proc_vnodepathinfo>.size)
            guard proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0, &information, size) == size else { return nil }
            let bytes = withUnsafeBytes(of: information.pvi_cdir.vip_path) { Array($0.prefix { $0 != 0 }) }
            path = bytes.isEmpty ? nil : PathText.path(bytes)
            let status = information.pvi_cdir.vip_vi.vi_stat
            device = UInt64(status.vst_dev)
            inode = status.vst_ino
            linkCount = UInt64(status.vst_nlink)
            birthTime = status.vst_birthtime > 0 ? status.vst_birthtime * 1_000_000_000 + status.vst_birthtimensec : nil
            isInAnotherMountNamespace = false
        #endif
    }

    #if os(Linux)
        /// Reads the working directory of the process that `process` is of; `nil` when it has exited or this user may
        /// not read it. proc_pid_cwd(5), statx(2).
        init?(of process: borrowing ProcDirectory) {
            var status = stat()
            guard fstatat(process.descriptor.number, "cwd", &status, 0) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            linkCount = UInt64(status.st_nlink)
            birthTime = DirectoryIdentity.birthTime(of: "cwd", in: process.descriptor.number, status)
            isInAnotherMountNamespace = process.mountNamespace.flatMap { theirs in
                Self.mountNamespace.map { $0 != theirs }
            }
            let link = Directory.bytes(ofLink: "cwd", in: process.descriptor.number)
            let suffix = " (deleted)".utf8
            let isMarked = status.st_nlink == 0 && link?.suffix(suffix.count).elementsEqual(suffix) == true
            path = link.map { PathText.path(isMarked ? $0.dropLast(suffix.count) : $0) }
        }

        /// The mount namespace of this process.
        private static let mountNamespace = ProcDirectory(pid: CurrentProcess.pid)?.mountNamespace
    #endif
}
