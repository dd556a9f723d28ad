import Testing

/// Projects need no configuration: the folder says it all.
@Suite struct WorktreeTests {
    private let sandbox = try! Sandbox()

    private func port(in folder: String) throws -> String {
        let outcome = try sandbox.portctl("port", "web", in: folder)
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
        let folders = [shop] + ["a/review", "b/review", "main"].map { "\(sandbox.root)/\($0)" }
        let ports = try folders.map(port)
        #expect(Set(ports).count == 4)
        for folder in folders {
            let branch = "b\(folder.split(separator: "/").joined())"
            #expect(try sandbox.shell("git checkout -q -b \(branch)", in: folder).status == 0)
        }
        #expect(try folders.map(port) == ports)
        #expect(try sandbox.portctl("list", "--all", "--json").output.contains("\"app\" : \"shop\""))
        #expect(try sandbox.portctl("list", in: shop).lines.count == 5)
    }

    @Test func twoRepositoriesOfOneFolderNameDoNotShare() throws {
        let client = try sandbox.makeRepository("client/api")
        let server = try sandbox.makeRepository("server/api")
        let first = try port(in: client)
        let second = try sandbox.portctl("port", "web", in: server)
        #expect(second.output != first)
        #expect(second.errors == "another folder is \"api\" already: \(server) is \"server-api\"\n")
        #expect(try sandbox.portctl("list", in: server).lines[1].contains("server-api  main"))
        #expect(try port(in: client) == first)
    }

    @Test func aRepositoryThatWasMovedKeepsItsPorts() throws {
        let folder = try sandbox.makeRepository("old/shop")
        let before = try port(in: folder)
        #expect(try sandbox.shell("mkdir ../../new && mv ../shop ../../new/", in: folder).status == 0)
        let moved = try sandbox.portctl("port", "web", in: "\(sandbox.root)/new/shop")
        #expect(moved.output == before && moved.errors == "")
    }
}
