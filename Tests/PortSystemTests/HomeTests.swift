import Foundation
import PortModel
import PortSystem
import Testing

@Suite struct HomeTests {
    private let place = try! TemporaryDirectory()

    private func code(_ body: () throws -> Void) -> RegistryError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? RegistryError)?.code
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        lstat(path, &status)
        return status.st_mode & 0o7777
    }

    @Test func theHomeIsMadeForThisUserAlone() throws {
        let home = HomeDirectory(path: place.path("home"))
        try home.prepare()
        #expect(mode(home.path) == 0o700)
        try home.prepare()
    }

    @Test func aHomeThatOthersMayReadIsClosedToThem() throws {
        try place.make("home")
        chmod(place.path("home"), 0o755)
        try HomeDirectory(path: place.path("home")).prepare()
        #expect(mode(place.path("home")) == 0o700)
    }

    @Test func aHomeThatOthersMayWriteIsRefused() throws {
        try place.make("home")
        chmod(place.path("home"), 0o770)
        #expect(code { try HomeDirectory(path: place.path("home")).prepare() } == .insecurePath)
        #expect(mode(place.path("home")) == 0o770)
    }

    @Test func aLinkOrAFileInPlaceOfTheHomeIsRefused() throws {
        try place.make("real")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("link"),
            withDestinationPath: place.path("real")
        )
        #expect(code { try HomeDirectory(path: place.path("link")).prepare() } == .insecurePath)
        try place.write("", to: "file")
        #expect(code { try HomeDirectory(path: place.path("file")).prepare() } == .insecurePath)
        #expect(code { try HomeDirectory(path: place.path("missing/home")).prepare() } == .insecurePath)
    }

    @Test func aSocketPathThatIsTooLongSaysSo() {
        let long = HomeDirectory(path: "/tmp/" + String(repeating: "x", count: 100))
        #expect(code { try long.prepare() } == .invalidRequest)
        #expect(code { try HomeDirectory(path: "/tmp/short").checkSocketPath() } == nil)
    }

    @Test func onlyOneHasTheLockAndItGoesWithItsHolder() throws {
        let home = HomeDirectory(path: place.path("home"))
        try home.prepare()
        do {
            let first = try HomeLock.acquire(home)
            let isTaken = first != nil
            #expect(isTaken)
            let second = try HomeLock.acquire(home)
            let isRefused = second == nil
            #expect(isRefused)
            _ = consume first
        }
        let again = try HomeLock.acquire(home)
        let isFree = again != nil
        #expect(isFree)
    }

    @Test func aPrivateFileIsReplacedWholeAndClosedToOthers() throws {
        try PrivateFile.replace(place.path("pid"), with: "1\n")
        try PrivateFile.replace(place.path("pid"), with: "22\n")
        #expect(SmallFile.text(at: place.path("pid")) == "22\n")
        #expect(mode(place.path("pid")) == 0o600)
    }

    @Test func whatIsNoPlainFileIsNeitherReplacedNorFollowed() throws {
        try place.write("precious", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("link"),
            withDestinationPath: place.path("target")
        )
        mkfifo(place.path("fifo"), 0o600)
        try place.make("directory")
        for name in ["link", "fifo", "directory"] {
            #expect(throws: SystemError.self) { try PrivateFile.replace(place.path(name), with: "x") }
            #expect(throws: SystemError.self) { _ = try PrivateFile.openForAppending(place.path(name)) }
        }
        #expect(SmallFile.text(at: place.path("target")) == "precious")
    }

    @Test func aSmallFileIsReadWithoutWaiting() throws {
        mkfifo(place.path("fifo"), 0o600)
        #expect(SmallFile.text(at: place.path("fifo")) == nil)
        #expect(SmallFile.text(at: place.path("missing")) == nil)
        try place.write(String(repeating: "x", count: 100), to: "file")
        #expect(SmallFile.text(at: place.path("file"), limit: 99) == nil)
        #expect(SmallFile.text(at: place.path("file"), limit: 100)?.count == 100)
    }

    @Test func aProcessThatEndedIsNoLongerThere() throws {
        // Not Foundation's Process, which would leave the test's blocked signals in it.
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        defer { for argument in arguments { free(argument) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        #expect(posix_spawn(&pid, "/bin/sleep", nil, &attributes, &arguments, environ) == 0)
        let handle = try ProcessHandle.open(pid: pid)
        guard let handle else {
            Issue.record("the process is not found")
            return
        }
        let runs = !handle.hasEnded(within: 0)
        #expect(runs)
        try handle.terminate()
        let ended = handle.hasEnded(within: 10_000)
        #expect(ended)
        waitpid(pid, nil, 0)
        let gone = try ProcessHandle.open(pid: pid) == nil
        #expect(gone)
        let isNobody = try ProcessHandle.open(pid: 0) == nil
        #expect(isNobody)
    }
}
