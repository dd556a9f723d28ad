import Foundation
import PortSystem
import PortTestSupport
import Testing

@Suite struct HomeTests {
    private let directory = try! TemporaryDirectory()

    private func fault(_ body: () throws(SystemError) -> Void) -> SystemError.Fault? {
        do {
            try body()
            return nil
        } catch {
            return error.fault
        }
    }

    /// What is wrong with the directory `name` as a home.
    private func fault(of name: String) -> SystemError.Fault? {
        fault { () throws(SystemError) in try HomeDirectory(path: directory.path(name)).prepare() }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        lstat(path, &status)
        return status.st_mode & 0o7777
    }

    @Test func homeIsCreatedPrivate() throws {
        let home = HomeDirectory(path: directory.path("home"))
        try home.prepare()
        #expect(mode(home.path) == 0o700)
        try home.prepare()
    }

    @Test func endOfAFileIsReadAndSaysWhenItIsCut() throws {
        try directory.write("first\nlast\n", to: "log")
        let cut = SmallFile.end(of: directory.path("log"), limit: 6)
        #expect(String(decoding: cut.bytes, as: UTF8.self) == "\nlast\n" && cut.isCut)
        let whole = SmallFile.end(of: directory.path("log"), limit: 11)
        #expect(String(decoding: whole.bytes, as: UTF8.self) == "first\nlast\n" && !whole.isCut)
    }

    @Test func homeReadableByOthersIsMadePrivate() throws {
        try directory.makeDirectory("home")
        chmod(directory.path("home"), 0o755)
        try HomeDirectory(path: directory.path("home")).prepare()
        #expect(mode(directory.path("home")) == 0o700)
    }

    /// It would lose the access that others may need.
    @Test func directoryOfOtherFilesIsRefusedInsteadOfClosed() throws {
        try directory.makeDirectory("project")
        try directory.write("", to: "project/notes")
        chmod(directory.path("project"), 0o755)
        #expect(fault(of: "project") == .openToOthers(mode: "755"))
        #expect(mode(directory.path("project")) == 0o755)
        try directory.write("", to: "project/ports.db")
        try HomeDirectory(path: directory.path("project")).prepare()
        #expect(mode(directory.path("project")) == 0o700)
    }

    @Test(arguments: ["/", "/.", "/tmp/.."])
    func rootDirectoryIsRefused(_ path: String) throws {
        let error = #expect(throws: SystemError.self) { try HomeDirectory(path: path).check() }
        #expect(error?.fault == .rootDirectory)
    }

    @Test func socketPathAtTheLimitIsUsable() throws {
        let home = HomeDirectory(path: "/" + String(repeating: "x", count: 85))
        #expect(fault { () throws(SystemError) in try home.checkSocketPath() } == nil)
        let long = HomeDirectory(path: home.path + "xx")
        #expect(
            fault { () throws(SystemError) in try long.checkSocketPath() }
                == .socketPathTooLong(long.socketPath, length: 105, maximum: 103)
        )
    }

    @Test func homeWritableByOthersIsRefused() throws {
        try directory.makeDirectory("home")
        chmod(directory.path("home"), 0o770)
        #expect(fault(of: "home") == .writableByOthers(isHome: true))
        #expect(mode(directory.path("home")) == 0o770)
        try directory.write("", to: "home/notes")
        #expect(fault(of: "home") == .writableByOthers(isHome: false))
    }

    @Test func linkOrFileInPlaceOfTheHomeIsRefused() throws {
        try directory.makeDirectory("real")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"),
            withDestinationPath: directory.path("real")
        )
        let target = try #require(realpath(directory.path("real"), nil))
        defer { free(target) }
        #expect(fault(of: "link") == .symbolicLink(target: String(cString: target)))
        try directory.write("", to: "file")
        #expect(fault(of: "file") == .notADirectory)
        let parent = directory.path("missing")
        #expect(fault(of: "missing/home") == .notCreatable(reason: "\(parent): No such file or directory"))
    }

    @Test func tooLongSocketPathIsRefused() {
        let long = HomeDirectory(path: "/tmp/" + String(repeating: "x", count: 100))
        #expect(
            fault { () throws(SystemError) in try long.prepare() }
                == .socketPathTooLong(long.socketPath, length: 122, maximum: 103)
        )
    }

    @Test func onlyASocketOfThisUserIsReplaced() throws {
        try directory.write("", to: "socket")
        let path = directory.path("socket")
        #expect(fault { () throws(SystemError) in try PrivateFile.checkOwnSocket(at: path) } == .notASocket)
        #expect(fault { () throws(SystemError) in try PrivateFile.checkOwnSocket(at: path + "2") } == nil)
    }

    @Test func lockHasOneHolderAndEndsWithIt() throws {
        let home = HomeDirectory(path: directory.path("home"))
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

    @Test func privateFileIsReplacedAsAWholeAndClosedToOthers() throws {
        try PrivateFile.replace(directory.path("pid"), with: "1\n")
        try PrivateFile.replace(directory.path("pid"), with: "22\n")
        #expect(SmallFile.text(at: directory.path("pid")) == "22\n")
        #expect(mode(directory.path("pid")) == 0o600)
    }

    @Test func specialFileIsNeitherReplacedNorFollowed() throws {
        try directory.write("precious", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"),
            withDestinationPath: directory.path("target")
        )
        mkfifo(directory.path("fifo"), 0o600)
        try directory.makeDirectory("directory")
        for name in ["link", "fifo", "directory"] {
            #expect(throws: SystemError.self) { try PrivateFile.replace(directory.path(name), with: "x") }
            #expect(throws: SystemError.self) { _ = try PrivateFile.openForAppending(directory.path(name)) }
        }
        #expect(SmallFile.text(at: directory.path("target")) == "precious")
    }

    @Test func readingASmallFileNeverBlocks() throws {
        mkfifo(directory.path("fifo"), 0o600)
        #expect(SmallFile.text(at: directory.path("fifo")) == nil)
        #expect(SmallFile.text(at: directory.path("missing")) == nil)
        try directory.write(String(repeating: "x", count: 100), to: "file")
        #expect(SmallFile.text(at: directory.path("file"), limit: 99) == nil)
        #expect(SmallFile.text(at: directory.path("file"), limit: 100)?.count == 100)
    }

    @Test func endedProcessIsNotFound() throws {
        let process = try ChildProcess("sleep", ["60"])
        defer { process.end() }
        let handle = try ProcessHandle.open(pid: process.pid)
        guard let handle else {
            Issue.record("the process is not found")
            return
        }
        let isRunning = !handle.hasEnded(within: 0)
        #expect(isRunning)
        try handle.terminate()
        let hasEnded = handle.hasEnded(within: 10_000)
        #expect(hasEnded)
        process.wait()
        let isGone = try ProcessHandle.open(pid: process.pid) == nil
        #expect(isGone)
        let isPidZeroAbsent = try ProcessHandle.open(pid: 0) == nil
        #expect(isPidZeroAbsent)
    }
}
