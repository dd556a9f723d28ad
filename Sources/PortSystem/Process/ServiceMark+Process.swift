import Libc
import PortModel

extension ServiceMark {
    /// Returns the mark in the environment that the process of this user was started with; `nil` when it has none, or
    /// belongs to another user, whose mark proves nothing. `facts` are those of the process with `pid`.
    static func ofProcess(_ pid: Int32, _ facts: ProcessFacts) -> ServiceMark? {
        guard facts.realUserID == CurrentProcess.userID, facts.effectiveUserID == CurrentProcess.userID else {
            return nil
        }
        #if os(Linux)
            let prefix = Array("\(variable)=".utf8)
            // An environment may be longer, but hardly ever is.
            let environment = SmallFile.beginning(of: "/proc/\(pid)/environ", limit: 128 << 10)
            return environment.split(separator: 0).last { $0.starts(with: prefix) }
                .flatMap { ServiceMark(String(decoding: $0.dropFirst(prefix.count), as: UTF8.self)) }
        #else
            return nil
        #endif
    }
}
