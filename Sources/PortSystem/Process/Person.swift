import Libc
import PortModel

/// The users of the machine who are persons, as opposed to those of services and containers.
package enum Person {
    /// Returns whether the user id is that of a person other than this process's user: it is in the range of persons
    /// (`UID_MIN` of login.defs(5)), and not one that this user's containers use (subuid(5)).
    package static func isAnother(_ userID: UInt32) -> Bool {
        userID != CurrentProcess.userID && userID >= firstPerson && userID != nobody
            && !subordinateIDs().contains { $0.contains(userID) }
    }

    /// The user that stands for users of other namespaces and for nobody: 65534, `/proc/sys/kernel/overflowuid`.
    private static let nobody: UInt32 = 65534

    #if os(Linux)
        private static let firstPerson: UInt32 = {
            for line in (SmallFile.text(at: "/etc/login.defs") ?? "").split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace)
                if words.first == "UID_MIN", words.count > 1, let first = UInt32(words[1]) { return first }
            }
            return 1000
        }()

        /// The ranges of user ids that this user's containers may use. Read each time, because it may change.
        private static func subordinateIDs() -> [Range<UInt32>] {
            let user = CurrentProcess.userID
            let name = name(ofUser: user) ?? Environment.value("LOGNAME") ?? Environment.value("USER")
            return (SmallFile.text(at: "/etc/subuid") ?? "").split(separator: "\n").compactMap { line in
                let parts = line.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 3, parts[0] == "\(user)" || String(parts[0]) == name,
                    let start = UInt32(parts[1]), let count = UInt32(parts[2].trimmingSpaces()),
                    case let (end, isTooLarge) = start.addingReportingOverflow(count), !isTooLarge
                else { return nil }
                return start..<end
            }
        }

        /// The name that `/etc/passwd` gives the user; `nil` for one whom another directory of users knows.
        ///
        /// Not with getpwuid(3): the executables are linked statically, and end with SIGSEGV when it loads the library
        /// of such a directory (systemd, LDAP).
        private static func name(ofUser user: UInt32) -> String? {
            for line in (SmallFile.text(at: "/etc/passwd", limit: 1 << 20) ?? "").split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
                if parts.count == 4, parts[2] == "\(user)" { return String(parts[0]) }
            }
            return nil
        }
    #else
        /// The first user id that macOS gives to a person.
        private static let firstPerson: UInt32 = 501

        private static func subordinateIDs() -> [Range<UInt32>] { [] }
    #endif
}
