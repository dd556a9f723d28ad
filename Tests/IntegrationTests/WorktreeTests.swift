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
        #expect(mended.output != outcome.output && !mended.errors.contains("no repository"))
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
        #expect(alone.status == 3 && alone.output == "")
        let taken =
            "port \(first) of shop/feat/web is taken by another server, python3 (pid \(old.pid)) in \(feat) (removed)"
        #expect(alone.errors.contains(taken) && alone.errors.contains("portctl kill \(first)"))
        #expect(try sandbox.portctl("lookup", "web", "--claim", in: feat).output == "\(first)\n")

        let name = "\(sandbox.root)/new"
        let new = try sandbox.start("portctl", server, in: feat, outputTo: name)
        defer { new.end() }
        try wait(for: second)
        #expect(try String(contentsOfFile: "\(name).err", encoding: .utf8).contains("warning: \(warning)"))
        let found = try sandbox.portctl("lookup", "web", in: feat)
        #expect(found.status == 0 && found.output == "\(second)\n" && found.errors == "")
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
        #expect(second.errors == "warning: another directory is already called \"api\": \(server) is \"server-api\"\n")
        #expect(try sandbox.portctl("list", in: server).lines[1].contains("server-api  main"))
        #expect(try port(in: client) == first)
    }

    @Test func renamedRepositoryKeepsItsPortsAndACopyDoesNot() throws {
        let directory = try sandbox.makeRepository("shop")
        let before = try port(in: directory)
        #expect(try sandbox.shell("mv shop shop2 && cp -r shop2 shop3", in: sandbox.root).status == 0)
        let renamed = "\(sandbox.root)/shop2"
        #expect(try sandbox.portctl("lookup", "web", in: renamed).output == before)
        let outcome = try sandbox.portctl("port", "web", in: renamed)
        #expect(outcome.output == before)
        #expect(outcome.errors == "warning: \(renamed) was renamed: it keeps the name \"shop\", and its ports\n")
        #expect(try sandbox.portctl("list", in: renamed).lines[1].contains("shop  main"))
        let copy = try sandbox.portctl("port", "web", in: "\(sandbox.root)/shop3")
        #expect(copy.output != before && copy.errors == "")
    }

    @Test func renamedRepositoryIsNotTakenForANamesake() throws {
        let before = try port(in: sandbox.makeRepository("my-shop"))
        #expect(try sandbox.shell("mv my-shop shop", in: sandbox.root).status == 0)
        let shop = "\(sandbox.root)/shop"
        let first = try sandbox.portctl("port", "web", in: shop)
        #expect(first.output == before)
        #expect(first.errors == "warning: \(shop) was renamed: it keeps the name \"my-shop\", and its ports\n")
        let second = try sandbox.portctl("port", "web", in: shop)
        #expect(second.output == before)
        #expect(second.errors == "warning: \(shop) keeps the name \"my-shop\", and its ports\n")
    }

    #if os(Linux)
        @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
        func repositoryOfAFileSystemThatIsNotMountedKeepsItsPorts() throws {
            let outcome = try sandbox.shell(
                """
                mkdir usb; mount -t tmpfs t usb; trap 'umount usb' EXIT; git init -q usb/shop; git init -q wk/shop
                (cd usb/shop; portctl port web; cp -r . ../../copy)
                umount usb
                (cd wk/shop; portctl port web)
                mount -t tmpfs t usb; mv copy usb/shop
                (cd usb/shop; portctl port web)
                """,
                in: sandbox.root
            )
            try #require(outcome.lines.count == 3, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.lines[0] == outcome.lines[2] && outcome.lines[0] != outcome.lines[1])
            #expect(outcome.errors.contains("\(sandbox.root)/wk/shop is \"wk-shop\"\n"))
        }

    #endif

    #if os(Linux)
        @Test func namesThatAreNotUTF8StayDifferent() throws {
            let outcome = try sandbox.shell(
                #"""
                mkdir "$(printf '\344rger')" "$(printf '\366rger')"
                for directory in ?rger; do (cd "$directory"; git init -q; mkdir sub; cd sub; portctl port web); done
                for byte in 344 366; do get-port "$(printf "\\$byte")"; done
                for byte in 344 366; do PORTCTL_APP=$(printf "\\$byte") portctl port web; done
                cd ?rger/sub; portctl lookup web; portctl list
                rm -rf ../../?rger
                """#,
                in: sandbox.root
            )
            #expect(outcome.lines.count == 9 && Set(outcome.lines.prefix(6)).count == 6, "\(outcome)")
            #expect(outcome.lines[6] == outcome.lines[0] && outcome.lines[8].contains(#" \xE4rger "#))
        }
    #endif

    @Test func movedRepositoryKeepsItsPorts() throws {
        let directory = try sandbox.makeRepository("old/shop")
        let before = try port(in: directory)
        #expect(try sandbox.shell("mkdir ../../new && mv ../shop ../../new/", in: directory).status == 0)
        let moved = try sandbox.portctl("port", "web", in: "\(sandbox.root)/new/shop")
        #expect(moved.output == before && moved.errors == "")
    }
}
