import Foundation
import PortModel
import PortTestSupport
import Testing

@testable import PortSystem

@Suite struct WorkingDirectoryTests {
    /// Starts a program in `directory` that reads its input.
    private func start(in directory: String) throws -> PythonProgram {
        let program = try PythonProgram(
            "import os, sys; os.chdir(\"\(directory)\"); print(flush=True); sys.stdin.read()"
        )
        _ = try program.readLine()
        return program
    }

    private func end(_ program: PythonProgram) {
        program.closeInput()
        program.process.wait()
    }

    @Test(arguments: ["feat", "of (deleted)", "with space"])
    func directoryIsTheOneThatItsIdentityDescribes(_ name: String) throws {
        let temporary = try TemporaryDirectory()
        let path = try temporary.makeDirectory(name)
        let program = try start(in: path)
        defer { end(program) }
        let directory = try #require(WorkingDirectory(ofPID: program.process.pid))
        let identity = try #require(DirectoryIdentity(ofDirectory: path))
        #expect(directory.path == path && !directory.isRemoved && directory.linkCount >= 1)
        #expect(directory.device == identity.device && directory.inode == identity.inode)
        #expect(directory.birthTime == identity.birthTime)
        #expect(directory.isInAnotherMountNamespace == false)
    }

    @Test(arguments: ["feat", "of (deleted)"])
    func removedDirectoryKeepsItsPathAndWhatIdentifiesIt(_ name: String) throws {
        let temporary = try TemporaryDirectory()
        let path = try temporary.makeDirectory(name)
        let program = try start(in: path)
        defer { end(program) }
        let before = try #require(WorkingDirectory(ofPID: program.process.pid))
        try FileManager.default.removeItem(atPath: path)
        for _ in 0..<2 {
            let after = try #require(WorkingDirectory(ofPID: program.process.pid))
            #expect(after.path == path && after.isRemoved && after.linkCount == 0)
            #expect(after.inode == before.inode && after.birthTime == before.birthTime)
            // Another directory at the path changes nothing.
            try temporary.makeDirectory(name)
        }
    }

    @Test func endedProcessHasNoWorkingDirectory() throws {
        let process = try ChildProcess("sleep", ["1000"])
        let startTime = try #require(ProcessFacts.startTime(of: process.pid))
        #expect(WorkingDirectory(ofPID: process.pid, startTime: startTime) != nil)
        #expect(WorkingDirectory(ofPID: process.pid, startTime: startTime + 1) == nil)
        process.killWithoutReaping()
        #expect(WorkingDirectory(ofPID: process.pid) == nil)
        process.end()
        #expect(WorkingDirectory(ofPID: process.pid) == nil)
    }

    #if os(Linux)
        @Test(.enabled(if: geteuid() == 0, "a mount namespace of its own needs root"))
        func processInAnotherMountNamespaceIsRecognized() throws {
            let (input, output) = (try ChildPipe(), try ChildPipe())
            let process = try ChildProcess(
                "unshare",
                ["--mount", "sh", "-c", "echo ready; read -r line"],
                input: .descriptor(input.readingEnd),
                output: .descriptor(output.writingEnd)
            )
            output.closeWritingEnd()
            defer {
                input.closeWritingEnd()
                process.wait()
            }
            try #require(try output.readLine() == "ready")
            #expect(WorkingDirectory(ofPID: process.pid)?.isInAnotherMountNamespace == true)
            #expect(WorkingDirectory(ofPID: getpid())?.isInAnotherMountNamespace == false)
        }
    #endif
}
