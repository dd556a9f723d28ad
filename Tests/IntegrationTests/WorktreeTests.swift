import Foundation
import PortTestSupport
import Testing

/// App and instance come from the directory, without configuration.
@Suite struct WorktreeTests {
    private let sandbox = try! Sandbox()

    private func port(in directory: String) throws -> String {
        let outcome = try sandbox.portctl("port", "web", in: directory)
        #expect(outcome.status == 0)
        return outcome.output
    }

    @Test func worktreesOfOneRepositoryGetTheirOwnPortsAndKeepThem() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell(
            """
            mkdir ../a ../b
            git worktree add -q --detach ../a/review
            git worktree add -q --detach ../b/review
            git worktree add -q --detach ../main
            """,
            in: shop
        )
        let directories = [shop] + ["a/review", "b/review", "main"].map { "\(sandbox.root)/\($0)" }
        let ports = try directories.map(port)
        #expect(Set(ports).count == 4)
        for directory in directories {
            let branch = "b\(directory.split(separator: "/").joined())"
            #expect(try sandbox.shell("git checkout -q -b \(branch)", in: directory).status == 0)
        }
        #expect(try directories.map(port) == ports)
        #expect(try sandbox.portctl("list", "--all", "--json").output.contains("\"app\" : \"shop\""))
        #expect(try sandbox.portctl("list", in: shop).lines.count == 5)
    }

    @Test func worktreeWithABrokenLinkIsAProjectOfItsOwnAndSaysSo() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../feat && mkdir -p ../feat/packages/api", in: shop)
        let main = try port(in: shop)
        let feat = "\(sandbox.root)/feat"
        #expect(try sandbox.shell("mv shop moved", in: sandbox.root).status == 0)
        let outcome = try sandbox.portctl("port", "web", in: "\(feat)/packages/api")
        #expect(outcome.status == 0 && outcome.output != main && outcome.lines.count == 1)
        #expect(
            outcome.errors == """
                warning: \(feat)/.git leads to \(shop)/.git/worktrees/feat, which is no repository: \(feat) is a \
                project of its own, "feat"
                  if its repository was moved, run there: git worktree repair \(feat)

                """
        )
        #expect(try port(in: feat) == outcome.output)
        #expect(try sandbox.portctl("lookup", "web", in: feat).output == outcome.output)
        #expect(try sandbox.shell("git worktree repair \(feat)", in: "\(sandbox.root)/moved").status == 0)
        let mended = try sandbox.portctl("port", "web", in: feat)
        #expect(mended.errors == "" && mended.output != outcome.output)
    }

    @Test func serverOfARemovedWorktreeIsNamedAndLookupFindsItsSuccessor() throws {
        let shop = try sandbox.makeRepository("shop")
        let feat = "\(sandbox.root)/feat"
        let server = ["run", "web", "--", "python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"]
        func serve() throws -> ChildProcess {
            let name = "\(sandbox.root)/\(UUID().uuidString)"
            return try sandbox.start("portctl", server, in: feat, outputTo: name)
        }
        func wait(for port: Int) throws {
            try sandbox.wait(for: "the server") { try sandbox.portctl("who", "\(port)").status == 0 }
        }
        _ = try sandbox.shell("git worktree add -q --detach ../feat", in: shop)
        let old = try serve()
        defer { old.end() }
        try wait(for: sandbox.firstLease)
        _ = try sandbox.shell("git worktree remove ../feat && git worktree add -q --detach ../feat", in: shop)
        let (first, second) = (sandbox.firstLease, sandbox.firstLease + 1)
        let warning =
            "port \(first) of shop/feat/web is served by python3 (pid \(old.pid)), whose directory \(feat) was "
            + "removed"
        let alone = try sandbox.portctl("lookup", "web", in: feat)
        #expect(
            alone.output == "\(first)\n" && alone.errors == "warning: \(warning); to end it: portctl kill \(first)\n"
        )

        let name = "\(sandbox.root)/new"
        let new = try sandbox.start("portctl", server, in: feat, outputTo: name)
        defer { new.end() }
        try wait(for: second)
        #expect(try String(contentsOfFile: "\(name).err", encoding: .utf8).contains("warning: \(warning)"))
        let found = try sandbox.portctl("lookup", "web", in: feat)
        #expect(found.output == "\(second)\n" && found.errors.contains(warning))
        #expect(try sandbox.portctl("who", "\(first)").output.contains(" in \(feat), which was removed"))
        #expect(try sandbox.portctl("list", "--wide", in: feat).errors.contains(warning))
        #expect(try sandbox.portctl("doctor").output.contains("! removed directories: \(warning)\n"))
    }

    @Test func repositoriesWithTheSameNameDoNotSharePorts() throws {
        let client = try sandbox.makeRepository("client/api")
        let server = try sandbox.makeRepository("server/api")
        let first = try port(in: client)
        let second = try sandbox.portctl("port", "web", in: server)
        #expect(second.output != first)
        #expect(second.errors == "another directory is already called \"api\": \(server) is \"server-api\"\n")
        #expect(try sandbox.portctl("list", in: server).lines[1].contains("server-api  main"))
        #expect(try port(in: client) == first)
    }

    @Test func movedRepositoryKeepsItsPorts() throws {
        let directory = try sandbox.makeRepository("old/shop")
        let before = try port(in: directory)
        #expect(try sandbox.shell("mkdir ../../new && mv ../shop ../../new/", in: directory).status == 0)
        let moved = try sandbox.portctl("port", "web", in: "\(sandbox.root)/new/shop")
        #expect(moved.output == before && moved.errors == "")
    }
}
