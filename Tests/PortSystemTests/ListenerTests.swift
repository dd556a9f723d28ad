import Foundation
import PortModel
import PortSystem
import PortTestSupport
import Testing

// Foundation has a type of the same name.
private typealias Port = PortModel.Port

@Suite struct ListenerTests {
    @Test func listenerIsTracedToItsProcessAndDirectory() throws {
        let listener = try ListeningSocket()
        let seen = try ListenerTable.listeners(on: [Port(listener.port)!])
        try #require(seen.count == 1 && seen[0].occupiers.count == 1)
        #expect(seen[0].address == "127.0.0.1" && seen[0].userID == geteuid() && seen[0].inode > 0)
        let occupier = seen[0].occupiers[0]
        #expect(occupier.pid == getpid() && occupier.directory == CurrentProcess.directory && !occupier.name.isEmpty)
        #expect(occupier.ancestors.first == getppid() || getppid() <= 1)
        #expect(occupier.commandLine.first == CommandLine.arguments.first)
        if case .owner(let me) = ProcessOwner.lookUp(getpid()) { #expect(occupier.startTime == me.startTime) }
        #expect(try ListenerTable.listeners().contains { $0.inode == seen[0].inode })
    }

    /// As systemd's socket units with `User=`, authbind, and servers that start as root do.
    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func processThatInheritedASocketOfAnotherUserIsFound() throws {
        let program = """
            import os, socket
            s = socket.create_server(("127.0.0.1", 0)); os.set_inheritable(s.fileno(), True)
            port = s.getsockname()[1]
            os.setgid(65534); os.setuid(65534)
            print(port, flush=True)
            os.execvp("cat", ["cat"])
            """
        let server = try PythonProgram(program)
        defer {
            server.closeInput()
            server.process.wait()
        }
        let port = try #require(Port(Int(try server.readLine()) ?? 0))
        let seen = try ListenerTable.listeners(on: [port])
        #expect(seen.map(\.userID) == [0] && seen.flatMap(\.occupiers).map(\.pid) == [server.process.pid])
    }

    @Test func removedWorkingDirectoryIsNotTakenForOneThatWasMadeAgain() throws {
        let temporary = try TemporaryDirectory()
        let path = try temporary.makeDirectory("feat")
        let program = """
            import os, socket, sys
            os.chdir("\(path)"); server = socket.create_server(("127.0.0.1", 0))
            os.write(1, f"{server.getsockname()[1]}\\n".encode()); sys.stdin.read()
            """
        let server = try PythonProgram(program)
        defer {
            server.closeInput()
            server.process.wait()
        }
        let port = try #require(try Port(server.readLine().trimmingCharacters(in: .newlines)))
        let before = try #require(try ListenerTable.listeners(on: [port]).first?.occupiers.first)
        #expect(before.directory == path && before.removedDirectory == nil)
        try FileManager.default.removeItem(atPath: path)
        for _ in 0..<2 {
            let after = try #require(try ListenerTable.listeners(on: [port]).first?.occupiers.first)
            #expect(after.directory == nil && after.removedDirectory == path)
            try temporary.makeDirectory("feat")
        }
    }

    @Test func freePortHasNoListener() throws {
        let socket = try ListeningSocket()
        let port = try #require(Port(socket.port))
        socket.end()
        #expect(try ListenerTable.listeners(on: [port]).isEmpty)
        #expect(try ListenerTable.listeners(on: []).isEmpty)
    }

    /// A program whose parent and child both listen, and move to another port for each line of input.
    @Test func reopenedSocketIsFoundWithItsServerAndWorkers() throws {
        let program = """
            import os, signal, socket, sys
            workers = []
            def serve(old):
                server = socket.create_server(("127.0.0.1", 0))
                if old: old.close()
                worker = os.fork()
                if worker == 0:
                    while True: signal.pause()
                workers.append(worker)
                os.write(1, f"{server.getsockname()[1]} {worker}\\n".encode())
                return server
            server = serve(None)
            sys.stdin.readline()
            server = serve(server)
            sys.stdin.read()
            for worker in workers: os.kill(worker, signal.SIGKILL)
            """
        let server = try PythonProgram(program)
        defer {
            server.closeInput()
            server.process.wait()
        }
        for _ in 0..<2 {
            let line = try server.readLine()
            let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
            try #require(numbers.count == 2, "\(line)")
            let port = try #require(Port(numbers[0]))
            for _ in 0..<2 {
                let pids = try ListenerTable.listeners(on: [port]).flatMap(\.occupiers).map(\.pid)
                #expect(Set(pids) == [server.process.pid, numbers[1]])
            }
            try server.writeLine("next")
        }
    }
}
