package import PortModel
package import PortSystem

extension RegistryError {
    /// Returns what the system refuses as a refusal: the facts in words, with a stable code and the next step. A failed
    /// call, about which no more is known, is `system_unavailable`.
    package init(_ error: SystemError) {
        let subject = error.subject
        let (code, message, hint) =
            error.fault.map { Self.wording(of: $0, of: subject) } ?? (
                .systemUnavailable, error.description, nil
            )
        self.init(code, message, subject: subject.isEmpty ? nil : subject, remedies: .advice(hint))
    }

    /// Runs `body`, and rethrows what the system refuses as ``init(_:)`` words it.
    package static func mapping<Value>(_ body: () throws(SystemError) -> Value) throws(RegistryError) -> Value {
        do { return try body() } catch { throw RegistryError(error) }
    }

    private typealias Wording = (code: Code, message: String, hint: String?)

    /// Another home, for a directory that is nothing that this user should change.
    private static let anotherHome = "set PORT_SERVER_HOME to a directory of yours"
    private static let writableHome = "set PORT_SERVER_HOME to a directory that you may write to"

    private static func wording(of fault: SystemError.Fault, of subject: String) -> Wording {
        switch fault {
        case .unset: (.invalidRequest, "\(subject) is not set", nil)
        case .notUTF8(let text):
            (.invalidRequest, "\(subject) is not UTF-8: \"\(text.oneLine)\"", "set \(subject) to a text in UTF-8")
        case .notAbsolute(let path):
            (
                .invalidRequest, "\(subject) must be an absolute path, not \"\(path.oneLine)\"",
                "set \(subject) to a directory of yours"
            )
        case .controlCharacters(let path):
            (
                .invalidRequest, "\(subject) contains control characters: \"\(path.oneLine)\"",
                "set \(subject) to a directory of yours"
            )
        case .noHome: (.invalidRequest, "neither PORT_SERVER_HOME nor HOME is set", anotherHome)
        case .socketPathTooLong(let path, let length, let maximum):
            (
                .invalidRequest, "the socket path \(path) has \(length) bytes, the system allows \(maximum)",
                "set PORT_SERVER_HOME to a path that is at least \(length - maximum) "
                    + "\(length - maximum == 1 ? "byte" : "bytes") shorter"
            )
        case .symbolicLink(let target?):
            unusable(subject, fault, hint: "set PORT_SERVER_HOME to the directory itself: \(target)")
        case .symbolicLink(nil), .notADirectory, .rootDirectory, .openToOthers, .unusable: unusable(subject, fault)
        case .ownedByUser(let owner, let user): foreign(subject, owner: owner, user: user)
        case .writableByOthers(let isHome):
            (
                .insecurePath, "the directory \(subject) is writable by others",
                // Never for a directory that others use, such as /tmp.
                isHome ? "check what is in it, then: chmod 700 \(subject.shellQuoted)" : anotherHome
            )
        case .closedToOwner(let mode):
            (
                .insecurePath, "the directory \(subject) is closed to yourself (mode \(mode))",
                "chmod 700 \(subject.shellQuoted)"
            )
        case .notWritable(let reason):
            (.insecurePath, "the directory \(subject) is not writable: \(reason)", writableHome)
        case .notCreatable(let reason):
            (.insecurePath, "cannot create the directory \(subject): \(reason)", writableHome)
        case .parentOwnedByUser(let owner, let parent):
            (
                .insecurePath,
                "root does not create \(subject): the directory \(parent) belongs to user id \(owner), "
                    + "who could not use it",
                "run the command without sudo; if root is to have this home: mkdir -m 700 \(subject.shellQuoted)"
            )
        case .notASocket:
            (
                .insecurePath, "\(subject) is in the way: it is not a socket of yours",
                "check what it is, then remove it"
            )
        case .settingNotAddable(let setting, let reason):
            (
                .invalidRequest, "\(setting) cannot be set in \(subject): \(reason)",
                "set it there yourself: legacy: {ports: true}, then: portctl restart"
            )
        case .notWritten(let reason): (.invalidRequest, "\(subject) cannot be written: \(reason)", nil)
        case .textNotReadable, .textTooLong, .textInOtherEncoding, .lineNotUTF8: unusableText(subject, fault)
        case .notReadable(let reason): (.invalidRequest, "\(subject.oneLine) cannot be read: \(reason)", nil)
        case .notARegularFile: (.invalidRequest, "\(subject.oneLine) is not a file", nil)
        case .tooLarge(let maximum):
            (.invalidRequest, "\(subject.oneLine) has more than \(maximum >> 20) MB", nil)
        case .notCopied(let reason):
            (
                .invalidRequest, "\(subject.oneLine) cannot be copied for reading: \(reason)",
                "set TMPDIR to a directory that can be written"
            )
        case .serviceManagerUnavailable(let command, let reason):
            (
                .systemUnavailable, "the service manager of this user does not answer (\(command): \(reason))",
                "no service is needed: any command starts the daemon, as does \"portctl start\" in a login script"
            )
        case .commandFailed(let command, let reason): (.systemUnavailable, "\(command) failed: \(reason)", nil)
        }
    }

    private static func unusable(
        _ path: String,
        _ fault: SystemError.Fault,
        hint: String = anotherHome
    ) -> Wording {
        let reason = SystemError(fault, of: path).reason
        return (.insecurePath, "the directory \(path) cannot be used: \(reason)", hint)
    }

    private static func unusableText(_ path: String, _ fault: SystemError.Fault) -> Wording {
        let hint: String? =
            switch fault {
            case .textNotReadable: "make it readable for yourself: chmod u+r \(path.shellQuoted)"
            case .textTooLong: "shorten it"
            case .textInOtherEncoding(let encoding): conversion(of: path, from: encoding)
            default: "save it as UTF-8, for example: \(conversion(of: path, from: "LATIN1"))"
            }
        return (.invalidRequest, "\(path) cannot be used: \(SystemError(fault, of: path).reason)", hint)
    }

    private static func conversion(of path: String, from encoding: String) -> String {
        let copy = "\(path).utf8".shellQuoted
        return "iconv -f \(encoding) -t UTF-8 \(path.shellQuoted) > \(copy) && mv \(copy) \(path.shellQuoted)"
    }

    private static func foreign(_ path: String, owner: UInt32, user: UInt32) -> Wording {
        let aside = "mv \(path.shellQuoted) \("\(path).\(owner)".shellQuoted)"
        let origin = owner == 0 ? ": root, most likely a command under sudo, has created it" : ""
        let hint =
            if owner == 0 {
                "take it over: sudo chown -R \(user) \(path.shellQuoted), or move it away: \(aside)"
            } else if user == 0 {
                "run the command without sudo, or set PORT_SERVER_HOME to a directory of root's"
            } else {
                "set PORT_SERVER_HOME to a directory of yours, or move this one away: \(aside)"
            }
        return (
            .insecurePath, "the directory \(path) belongs to user id \(owner), not to you (\(user))\(origin)", hint
        )
    }
}
