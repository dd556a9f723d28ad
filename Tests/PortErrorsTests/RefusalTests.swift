import PortErrors
import PortModel
import PortSystem
import Testing

/// How faults of the system are worded.
@Suite struct RefusalTests {
    struct Case: CustomTestStringConvertible {
        let fault: SystemError.Fault
        let subject: String
        let code: RegistryError.Code
        let message: String
        let hint: String?

        init(
            _ fault: SystemError.Fault,
            of subject: String = "/h",
            _ code: RegistryError.Code,
            _ message: String,
            _ hint: String?
        ) {
            self.fault = fault
            self.subject = subject
            self.code = code
            self.message = message
            self.hint = hint
        }

        var testDescription: String { "\(fault)" }
    }

    private static let another = "set PORT_SERVER_HOME to a directory of yours"
    private static let writable = "set PORT_SERVER_HOME to a directory that you may write to"

    static let cases: [Case] = [
        Case(.unset, of: "HOME", .invalidRequest, "HOME is not set", nil),
        Case(
            .notUTF8("a\u{fffd}"),
            of: "PORT_SERVER_HOME",
            .invalidRequest,
            "PORT_SERVER_HOME is not UTF-8: \"a\u{fffd}\"",
            "set PORT_SERVER_HOME to a text in UTF-8"
        ),
        Case(
            .notAbsolute("x/y"),
            of: "HOME",
            .invalidRequest,
            "HOME must be an absolute path, not \"x/y\"",
            "set HOME to a directory of yours"
        ),
        Case(
            .controlCharacters("/a\u{7}b"),
            of: "PORT_SERVER_HOME",
            .invalidRequest,
            "PORT_SERVER_HOME contains control characters: \"\("/a\u{7}b".oneLine)\"",
            another
        ),
        Case(.noHome, of: "", .invalidRequest, "neither PORT_SERVER_HOME nor HOME is set", another),
        Case(
            .socketPathTooLong("/h/s", length: 104, maximum: 103),
            .invalidRequest,
            "the socket path /h/s has 104 bytes, the system allows 103",
            "set PORT_SERVER_HOME to a path that is at least 1 byte shorter"
        ),
        Case(
            .socketPathTooLong("/h/s", length: 105, maximum: 103),
            .invalidRequest,
            "the socket path /h/s has 105 bytes, the system allows 103",
            "set PORT_SERVER_HOME to a path that is at least 2 bytes shorter"
        ),
        Case(
            .symbolicLink(target: "/real"),
            .insecurePath,
            "the directory /h cannot be used: it is a symbolic link to \"/real\"",
            "set PORT_SERVER_HOME to the directory itself: /real"
        ),
        Case(
            .symbolicLink(target: nil),
            .insecurePath,
            "the directory /h cannot be used: it is a symbolic link",
            another
        ),
        Case(.notADirectory, .insecurePath, "the directory /h cannot be used: it is not a directory", another),
        Case(
            .rootDirectory,
            of: "/",
            .insecurePath,
            "the directory / cannot be used: it is the root directory",
            another
        ),
        Case(
            .openToOthers(mode: "755"),
            .insecurePath,
            "the directory /h cannot be used: it is open to other users (mode 755) and contains other files",
            another
        ),
        Case(
            .unusable(reason: "Input/output error"),
            .insecurePath,
            "the directory /h cannot be used: Input/output error",
            another
        ),
        Case(
            .ownedByUser(0, by: 1000),
            .insecurePath,
            "the directory /h belongs to user id 0, not to you (1000): root, most likely a command under sudo, has "
                + "created it",
            "take it over: sudo chown -R 1000 /h, or move it away: mv /h /h.0"
        ),
        Case(
            .ownedByUser(1001, by: 0),
            .insecurePath,
            "the directory /h belongs to user id 1001, not to you (0)",
            "run the command without sudo, or set PORT_SERVER_HOME to a directory of root's"
        ),
        Case(
            .ownedByUser(1001, by: 1000),
            .insecurePath,
            "the directory /h belongs to user id 1001, not to you (1000)",
            "\(another), or move this one away: mv /h /h.1001"
        ),
        Case(
            .writableByOthers(isHome: true),
            .insecurePath,
            "the directory /h is writable by others",
            "check what is in it, then: chmod 700 /h"
        ),
        Case(.writableByOthers(isHome: false), .insecurePath, "the directory /h is writable by others", another),
        Case(
            .closedToOwner(mode: "500"),
            .insecurePath,
            "the directory /h is closed to yourself (mode 500)",
            "chmod 700 /h"
        ),
        Case(
            .notWritable(reason: "Read-only file system"),
            .insecurePath,
            "the directory /h is not writable: Read-only file system",
            writable
        ),
        Case(
            .notCreatable(reason: "/x: No such file or directory"),
            .insecurePath,
            "cannot create the directory /h: /x: No such file or directory",
            writable
        ),
        Case(
            .parentOwnedByUser(1000, parent: "/home/u"),
            .insecurePath,
            "root does not create /h: the directory /home/u belongs to user id 1000, who could not use it",
            "run the command without sudo; if root is to have this home: mkdir -m 700 /h"
        ),
        Case(
            .notASocket,
            .insecurePath,
            "/h is in the way: it is not a socket of yours",
            "check what it is, then remove it"
        ),
        Case(
            .settingNotAddable("legacy.ports", reason: "it has settings of legacy"),
            .invalidRequest,
            "legacy.ports cannot be set in /h: it has settings of legacy",
            "set it there yourself: legacy: {ports: true}, then: portctl restart"
        ),
        Case(.notWritten(reason: "Is a directory"), .invalidRequest, "/h cannot be written: Is a directory", nil),
        Case(
            .textNotReadable(reason: "Permission denied"),
            of: "/h/a b",
            .invalidRequest,
            "/h/a b cannot be used: Permission denied",
            "make it readable for yourself: chmod u+r '/h/a b'"
        ),
        Case(
            .textTooLong(maximum: 1024),
            .invalidRequest,
            "/h cannot be used: it is longer than 1024 bytes",
            "shorten it"
        ),
        Case(
            .textInOtherEncoding("UTF-16"),
            .invalidRequest,
            "/h cannot be used: it is UTF-16, not UTF-8",
            "iconv -f UTF-16 -t UTF-8 /h > /h.utf8 && mv /h.utf8 /h"
        ),
        Case(
            .lineNotUTF8(3),
            .invalidRequest,
            "/h cannot be used: line 3 is not UTF-8",
            "save it as UTF-8, for example: iconv -f LATIN1 -t UTF-8 /h > /h.utf8 && mv /h.utf8 /h"
        ),
        Case(
            .notReadable(reason: "Permission denied"),
            of: "/h\n",
            .invalidRequest,
            "\("/h\n".oneLine) cannot be read: Permission denied",
            nil
        ),
        Case(.notARegularFile, .invalidRequest, "/h is not a file", nil),
        Case(.tooLarge(maximum: 64 << 20), .invalidRequest, "/h has more than 64 MB", nil),
        Case(
            .notCopied(reason: "mkdtemp /tmp: No space left on device"),
            .invalidRequest,
            "/h cannot be copied for reading: mkdtemp /tmp: No space left on device",
            "set TMPDIR to a directory that can be written"
        ),
        Case(
            .serviceManagerUnavailable(command: "systemctl --user show-environment", reason: "no bus"),
            of: "",
            .systemUnavailable,
            "the service manager of this user does not answer (systemctl --user show-environment: no bus)",
            "no service is needed: any command starts the daemon, as does \"portctl start\" in a login script"
        ),
        Case(
            .commandFailed("systemctl --user enable portctl.service", reason: "no bus"),
            of: "portctl.service",
            .systemUnavailable,
            "systemctl --user enable portctl.service failed: no bus",
            nil
        ),
    ]

    @Test(arguments: cases)
    func faultIsARefusalWithCodeMessageAndHint(_ example: Case) {
        let refusal = RegistryError(SystemError(example.fault, of: example.subject))
        #expect(refusal.code == example.code)
        #expect(refusal.message == example.message)
        #expect(refusal.hint == example.hint)
        #expect(refusal.subject == (example.subject.isEmpty ? nil : example.subject))
    }

    @Test func failedCallIsARefusalThatQuotesIt() {
        let refusal = RegistryError(SystemError("open", "/h/x", number: 13))
        #expect(refusal.code == .systemUnavailable)
        #expect(refusal.message == "open /h/x: Permission denied")
        #expect(refusal.subject == "/h/x")
    }
}
