import Foundation
import Testing

/// The port flag that `run` adds to a tool that does not follow PORT, as the tool receives it.
@Suite struct RunFlagTests {
    private let sandbox = try! Sandbox()

    /// Makes a command of this name that prints its arguments and PORT.
    private func makeTool(_ name: String) throws {
        let path = "\(sandbox.root)/bin/\(name)"
        try Data("#!/bin/sh\nprintf '<%s>' \"$@\"; echo \" $PORT\"\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
    }

    @Test func toolThatDoesNotFollowPortGetsItsFlagAndRunPrintsIt() throws {
        for name in ["vite", "npx"] { try makeTool(name) }
        let port = sandbox.firstLease
        let vite = try sandbox.portctl("run", "web", "--", "vite", "--host", "--", "x")
        #expect(vite.output == "<--host><--port><\(port)><--strictPort><--><x> \(port)\n")
        let added = "Added --port \(port) --strictPort, because vite does not follow PORT; --no-flags adds nothing\n"
        #expect(vite.errors.contains(added), "\(vite.errors)")
        #expect(vite.errors.contains("\"--port\", \"\(port)\", \"--strictPort\""))
        let quiet = try sandbox.portctl("run", "web", "--quiet", "--", "npx", "vite", "dev")
        #expect(quiet.output == "<vite><dev><--port><\(port)><--strictPort> \(port)\n")
        #expect(quiet.errors == "")
    }

    @Test func commandThatNamesAPortItselfStaysAsItIsAndIsWarnedOf() throws {
        for name in ["npx", "vite"] { try makeTool(name) }
        try sandbox.portctl("start")
        let port = sandbox.firstLease
        let other = try sandbox.portctl("run", "web", "--quiet", "--", "npx", "vite", "--port=4000")
        #expect(other.output == "<vite><--port=4000> \(port)\n")
        #expect(
            other.errors == "warning: the command names port 4000 itself, and not \(port), the port of 'web'\n"
        )
        for arguments in [["--port", "\(port)"], ["-p\(port)"], ["build"], ["--port", "{port}"]] {
            let same = try sandbox.run("portctl", ["run", "web", "--quiet", "--", "vite"] + arguments)
            let received = arguments.map { "<\($0.replacing("{port}", with: "\(port)"))>" }.joined()
            #expect(same.output == "\(received) \(port)\n")
            #expect(same.errors == "")
        }
    }

    @Test func scriptAndCommandUnderNoFlagsStayAsTheyAre() throws {
        for name in ["npm", "vite"] { try makeTool(name) }
        let port = sandbox.firstLease
        #expect(try sandbox.portctl("run", "--", "npm", "run", "dev").output == "<run><dev> \(port)\n")
        let off = try sandbox.portctl("run", "--no-flags", "--", "vite", "--port", "4000")
        #expect(off.output == "<--port><4000> \(port)\n" && !off.errors.contains("warning"))
        #expect(try sandbox.portctl("run", "--no-flags", "--", "vite", "dev").output == "<dev> \(port)\n")
        // With another variable, the caller says how the number reaches the command.
        #expect(try sandbox.portctl("run", "--env-name", "WEB_PORT", "--", "vite", "dev").output == "<dev> \n")
    }
}
