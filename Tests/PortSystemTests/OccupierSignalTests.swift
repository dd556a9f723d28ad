import Libc
import PortModel
import PortTestSupport
import Testing

@testable import PortSystem

/// Signals to a process that has a listening socket of the test open as its standard input.
@Suite struct OccupierSignalTests {
    private let socket = try! ListeningSocket()

    /// Starts the process, below the command `prefix`. Returns it once it is `sh`, how it is described as an occupier,
    /// and the inode of the socket.
    private func start(
        below prefix: [String] = []
    ) throws -> (process: ChildProcess, occupier: Occupier, inode: UInt32) {
        let words = prefix + ["sh", "-c", "echo ready; exec sleep 1000"]
        let output = try ChildPipe()
        let process = try ChildProcess(
            words[0],
            Array(words.dropFirst()),
            input: .descriptor(socket.descriptor),
            output: .descriptor(output.writingEnd)
        )
        output.closeWritingEnd()
        do {
            try #require(try output.readLine() == "ready")
            let facts = try #require(ProcessFacts(pid: process.pid))
            let occupier = Occupier(
                pid: process.pid,
                startTime: facts.startTime,
                name: "sleep",
                directory: nil,
                ancestors: []
            )
            let port = try #require(Port(socket.port))
            return (process, occupier, try #require(ListenerTable.sockets(on: port).first))
        } catch {
            process.end()
            throw error
        }
    }

    @Test func processWithTheSocketIsKilled() throws {
        let (process, occupier, inode) = try start()
        defer { process.end() }
        try #require(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .sent)
        #expect(process.wait() == -SIGKILL)
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .gone)
    }

    @Test func processWithoutTheSocketIsNotSignalled() throws {
        let (process, occupier, inode) = try start()
        defer { process.end() }
        for sockets: Set<UInt32> in [[], [inode + 1], [inode &- 1, 1]] {
            #expect(OccupierSignal.send(to: occupier, holding: sockets, kill: true) == .gone)
        }
        #expect(process.isRunning)
    }

    @Test func laterProcessWithTheSamePidIsNotSignalled() throws {
        let (process, current, inode) = try start()
        defer { process.end() }
        var occupier = current
        occupier.startTime -= 1
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .gone)
        #expect(process.isRunning)
    }

    /// Not even by root, whom the kernel would let signal it.
    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func anotherUsersProcessIsNotSignalled() throws {
        let otherUser = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let (process, occupier, inode) = try start(below: otherUser)
        defer { process.end() }
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .anotherUser(65534))
        #expect(process.isRunning)
    }
}
