extension SystemError {
    /// What is wrong with the subject of an error: facts, which PortErrors words for people.
    package enum Fault: Hashable, Sendable {
        // Of an environment variable.

        /// The variable is not set.
        case unset
        /// The value, which is given with replaced bytes, is not UTF-8.
        case notUTF8(String)
        /// The value is no absolute path.
        case notAbsolute(String)
        /// The value contains control characters.
        case controlCharacters(String)

        // Of the home.

        /// No variable names a home.
        case noHome
        /// The path of the socket has more bytes than a socket address.
        case socketPathTooLong(String, length: Int, maximum: Int)
        /// A symbolic link, and the path that it leads to; `nil` when that does not exist.
        case symbolicLink(target: String?)
        /// Not a directory.
        case notADirectory
        /// The root directory.
        case rootDirectory
        /// Another user's. `by` is the user id of this process.
        case ownedByUser(UInt32, by: UInt32)
        /// Other users may write to the directory. `isHome` is whether it is empty or has been a home before.
        case writableByOthers(isHome: Bool)
        /// Other users may read the directory, which contains other files than a home's. The mode is in octal digits.
        case openToOthers(mode: String)
        /// This user may not use the directory of their own. The mode is in octal digits.
        case closedToOwner(mode: String)
        /// This user may not write to the directory.
        case notWritable(reason: String)
        /// The directory cannot be used for another reason.
        case unusable(reason: String)
        /// The directory is missing and cannot be created.
        case notCreatable(reason: String)
        /// Root would create the directory in `parent`, which belongs to a user who could not use it.
        case parentOwnedByUser(UInt32, parent: String)

        // Of a file.

        /// Something that is not a socket of this user is where the socket belongs.
        case notASocket
        /// The setting cannot be added to the text of the file.
        case settingNotAddable(String, reason: String)
        /// The file cannot be written.
        case notWritten(reason: String)

        /// A text file cannot be opened or read.
        case textNotReadable(reason: String)
        /// A text file has more bytes than `maximum`.
        case textTooLong(maximum: Int)
        /// A text file has another encoding than UTF-8, by the name that iconv(1) has for it.
        case textInOtherEncoding(String)
        /// A line of a text file, counted from 1, is not UTF-8.
        case lineNotUTF8(Int)
        /// Another program's file cannot be opened or read.
        case notReadable(reason: String)
        /// A directory, a FIFO, a socket or a device is where another program's file belongs.
        case notARegularFile
        /// Another program's file has more bytes than `maximum`.
        case tooLarge(maximum: Int)
        /// Another program's file cannot be copied for reading.
        case notCopied(reason: String)

        // Of the service manager.

        /// The service manager of this user does not answer the command.
        case serviceManagerUnavailable(command: String, reason: String)
        /// The service manager's command failed.
        case commandFailed(String, reason: String)
    }
}

extension SystemError.Fault {
    /// The fault in words, which complete "PATH: …".
    var reason: String {
        switch self {
        case .unset: "it is not set"
        case .notUTF8: "it is not UTF-8"
        case .notAbsolute: "it is not an absolute path"
        case .controlCharacters: "it contains control characters"
        case .noHome: "no variable names the home"
        case .socketPathTooLong(_, let length, _): "its socket's path has \(length) bytes"
        case .symbolicLink(let target): "it is a symbolic link\(target.map { " to \"\($0)\"" } ?? "")"
        case .notADirectory: "it is not a directory"
        case .rootDirectory: "it is the root directory"
        case .ownedByUser(let user, _): "it belongs to user id \(user)"
        case .writableByOthers: "it is writable by others"
        case .openToOthers(let mode): "it is open to other users (mode \(mode)) and contains other files"
        case .closedToOwner(let mode): "it is closed to yourself (mode \(mode))"
        case .parentOwnedByUser(let user, let parent): "\(parent) belongs to user id \(user)"
        case .notASocket: "it is not a socket of yours"
        case .textTooLong(let maximum): "it is longer than \(maximum) bytes"
        case .textInOtherEncoding(let encoding): "it is \(encoding), not UTF-8"
        case .lineNotUTF8(let line): "line \(line) is not UTF-8"
        case .notARegularFile: "it is not a file"
        case .tooLarge(let maximum): "it has more than \(maximum >> 20) MB"
        case .notWritable(let reason), .unusable(let reason), .notCreatable(let reason), .notWritten(let reason),
            .settingNotAddable(_, let reason), .textNotReadable(let reason), .notReadable(let reason),
            .notCopied(let reason), .serviceManagerUnavailable(_, let reason), .commandFailed(_, let reason):
            reason
        }
    }
}
