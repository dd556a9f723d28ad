import Foundation
import PortModel
import Testing

@testable import PortSystem

/// A process that has this one's listening socket open, and is ended at the end.
@Suite final class OccupierSignalTests {
    private let socket: ListeningSocket
    private let process = Process()

    init() throws {
        socket = try ListeningSocket()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Starts it, and returns what it is once it is the user's, and the socket's inode.
    private func start(_ words: [String] = ["sleep", "1000"], user: UInt32 = geteuid()) throws -> (
        occupier: Occupier, inode: UInt32
    ) {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle(fileDescriptor: socket.descriptor)
        try process.run()
        let pid = process.processIdentifier
        var facts = ProcessFacts(pid: pid)
        while facts?.effectiveUserID != user {
            try #require(process.isRunning)
            facts = ProcessFacts(pid: pid)
        }
        let occupier = Occupier(pid: pid, startTime: facts!.startTime, name: "sleep", directory: nil, ancestors: [])
        return (occupier, try #require(ListenerTable.sockets(on: socket.port).first))
    }

    @Test func whoHasTheSocketIsEnded() throws {
        let (occupier, inode) = try start()
        // Not SIGTERM, which Foundation's processes may have blocked.
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .sent)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .gone)
    }

    @Test func whoHasTheSocketNoLongerIsLeftAlone() throws {
        let (occupier, inode) = try start()
        for sockets: Set<UInt32> in [[], [inode + 1], [inode &- 1, 1]] {
            #expect(OccupierSignal.send(to: occupier, holding: sockets, kill: true) == .gone)
        }
        #expect(process.isRunning)
    }

    @Test func aLaterProcessWithThePidIsLeftAlone() throws {
        var (occupier, inode) = try start()
        occupier.startTime -= 1
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .gone)
        #expect(process.isRunning)
    }

    /// Even by root, who could.
    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func anotherUsersProcessIsLeftAlone() throws {
        let words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "sleep", "1000"]
        let (occupier, inode) = try start(words, user: 65534)
        #expect(OccupierSignal.send(to: occupier, holding: [inode], kill: true) == .anotherUser(65534))
        #expect(process.isRunning)
    }
}
