import PortModel

extension ServiceMark {
    /// The variable with the mark, as processes were started with it.
    private static let values = ProcessVariable(variable)

    #if os(Linux)
        /// Returns the mark of the process of this user; `nil` when it has none, or belongs to another user, whose mark
        /// proves nothing. `stat` must have been read from the same directory.
        static func ofProcess(_ directory: borrowing ProcDirectory, _ stat: ProcessStat) -> ServiceMark? {
            values.value(of: directory, stat).flatMap { ServiceMark($0) }
        }
    #else
        /// Returns the mark of the process of this user; `nil` when it has none.
        static func ofProcess(_ pid: Int32, startTime: Int64) -> ServiceMark? {
            values.value(ofPID: pid, startTime: startTime).flatMap { ServiceMark($0) }
        }
    #endif
}
