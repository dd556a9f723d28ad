import Foundation
import PortTestSupport
import Testing

/// What commands accept in place of a port, a service, an app or an option.
@Suite struct ArgumentTests {
    private let sandbox = try! Sandbox()

    private func port(_ service: String, in directory: String? = nil) throws -> String {
        try sandbox.portctl("port", service, in: directory, environment: sandbox.narrowRegistry)
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func subjectsOfCommandsNeedNoFlag() throws {
        let allocated = try sandbox.portctl("allocate", "web", "--app", "shop", environment: sandbox.narrowRegistry)
        #expect(allocated.output.hasSuffix("for shop/main/web\n"))
        let port = try port("shop/main/web")
        #expect(try sandbox.portctl("check", port).output == "port \(port) is allocated to shop/main/web (id=1)\n")
        #expect(try sandbox.portctl("check", port).status == 1)
        for words in [["list", "shop"], ["ls", "shop"], ["list", "--app", "shop"]] {
            #expect(try sandbox.run("portctl", words).lines.count == 2)
        }
        let group = try sandbox.portctl("group", "allocate", "2", "--app", "shop", "--json")
        let id = try #require(group.output.firstMatch(of: #/"id" : "([0-9a-f]+)"/#)).1
        #expect(try sandbox.portctl("group", "ls", "shop").lines.count == 2)
        let wrong = try sandbox.portctl("release", String(id))
        #expect(wrong.status == 1 && wrong.errors.contains("portctl group release \(id)"))
        #expect(try sandbox.portctl("group", "release", "--id", String(id)).status == 0)
        #expect(try sandbox.portctl("release", port).output == "Released port: \(port)\n")
    }

    @Test(arguments: [
        ["check", "3000", "--port", "3000"], ["allocate", "web", "--service", "web"], ["list", "a", "--app", "a"],
        ["list", "a", "--all"], ["group", "list", "a", "--app", "a"], ["group", "release", "a", "--id", "a"],
        ["group", "release"], ["who", "70000"], ["who", "0"], ["who", ""], ["kill", "70000"], ["why", "70000"],
    ])
    func subjectsThatContradictOrAreMissingAreErrors(_ arguments: [String]) throws {
        let outcome = try sandbox.run("portctl", arguments)
        #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.hasPrefix("Error: "))
    }

    @Test(arguments: [
        (["port", "3000"], "portctl port NAME --port 3000"), (["alloc", "3000"], "portctl alloc NAME --port 3000"),
        (["allocate", "3000"], "portctl allocate NAME --port 3000"),
        (["loop", "3000"], "portctl alloc NAME --port 3000"),
        (["run", "3000", "--", "true"], "portctl run NAME --port 3000 -- COMMAND"),
    ])
    func numberInPlaceOfAServiceNamesTheRightCommands(_ arguments: [String], _ command: String) throws {
        let outcome = try sandbox.run("portctl", arguments)
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("portctl: 3000 is a number, not the name of a service\n"))
        for hint in [command, "portctl check 3000", "portctl who 3000"] { #expect(outcome.errors.contains(hint)) }
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func serviceThatIsCalledByANumberIsStillFound() throws {
        try sandbox.portctl("allocate", "--service", "3000", environment: sandbox.narrowRegistry)
        let port = "\(sandbox.firstPort)"
        #expect(try sandbox.portctl("lookup", "3000").output == "\(port)\n")
        let wrong = try sandbox.portctl("release", "3000")
        #expect(wrong.status == 1 && wrong.errors.contains("the service \"3000\" has port \(port)"))
        #expect(wrong.errors.contains("portctl release user/main/3000"))
        #expect(try sandbox.portctl("release", "user/main/3000").status == 0)
        let unknown = try sandbox.portctl("lookup", "3000")
        #expect(unknown.status == 1 && unknown.errors.contains("portctl who 3000"))
        let forgotten = try sandbox.portctl("forget", "4000")
        #expect(forgotten.status == 1 && forgotten.errors.contains("portctl why 4000"))
    }

    @Test func getPortSaysThatANumberIsTakenAsAName() throws {
        let outcome = try sandbox.run("get-port", "3000")
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("3000 is taken as a name; for the port: get-port NAME 3000"))
        let port = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let wrong = try sandbox.run("release-port", "3000")
        #expect(wrong.status == 1 && wrong.errors.contains("the name 3000 has port \(port)"))
        #expect(try sandbox.run("release-port", "3000/default/default").status == 0)
    }

    @Test(arguments: [
        ["release", "--app", ""], ["release", "--instance", ""], ["release", "--service", ""], ["release", "--id", ""],
        ["release", "--port", ""], ["release", "--id", "0"], ["release", "--port", "0"], ["list", "--app", ""],
        ["list", "--instance", ""], ["list", "--service", ""], ["list", ""], ["port", "web", "--app", ""],
        ["allocate", "--service", ""], ["allocate", ""], ["lookup", "web", "--instance", ""],
        ["group", "list", "--app", ""],
        ["run", "--app", "", "--", "true"], ["forget", "web", "--app", ""],
    ])
    func emptyOptionIsAnErrorAndChangesNothing(_ arguments: [String]) throws {
        _ = try port("web")
        let outcome = try sandbox.run("portctl", arguments)
        #expect(outcome.status == 1 && outcome.output == "" && !outcome.errors.isEmpty)
        #expect(try sandbox.portctl("list", "--all").lines.count == 2)
    }

    @Test func whoKillAndWhyTakeTheNameOfAService() throws {
        let number = try port("web")
        let server = try sandbox.startServer(on: number)
        defer { server.end() }
        let who = try sandbox.portctl("who", "web")
        #expect(who.status == 0 && who.errors == "")
        #expect(try sandbox.portctl("who", number).output == who.output)
        let why = try sandbox.portctl("why", "web")
        #expect(why.status == 0)
        #expect(try sandbox.portctl("why", number).output == why.output)
        #expect(try sandbox.portctl("kill", "web").output.contains("port \(number) is closed"))
        let nobody = try sandbox.portctl("who", "web")
        #expect(nobody.status == 1 && nobody.output == "nobody listens on port \(number)\n")
        let unknown = try sandbox.portctl("who", "nothing")
        #expect(unknown.status == 1 && unknown.errors.hasPrefix("portctl: no service \"nothing\" is known\n"))
    }

    @Test func nameOfAnotherProjectsServiceIsSaid() throws {
        let shop = try sandbox.makeDirectory("shop")
        let number = try port("web", in: shop)
        let note = "this project has no service \"web\"; it is the name of shop/main/web in \(shop)\n"
        for command in ["lookup", "who", "why"] {
            let here = try sandbox.portctl(command, "web", in: shop)
            #expect(here.errors == "")
            let elsewhere = try sandbox.portctl(command, "web")
            #expect(elsewhere.errors == note && elsewhere.output == here.output)
        }
        #expect(try sandbox.portctl("lookup", "shop/main/web").errors == "")
        let released = try sandbox.portctl("release", "web")
        #expect(released.output == "Released port: \(number)\n" && released.errors == note)
    }

    @Test func historyOfAServiceWithoutAPortIsThatOfItsLastOne() throws {
        let number = try port("web")
        try sandbox.portctl("release", "web")
        for name in ["web", "user/main/web"] {
            let why = try sandbox.portctl("why", name)
            #expect(why.status == 0 && why.errors == "user/main/web has no port now; its last one was \(number)\n")
            #expect(try sandbox.portctl("why", number).output == why.output)
        }
        #expect(try sandbox.portctl("why", "nothing").status == 1)
    }

    @Test func ambiguousNameIsAnErrorWithTheList() throws {
        for name in ["a/main/web", "b/main/web"] { _ = try port(name) }
        for command in ["who", "kill", "why", "lookup", "release"] {
            let outcome = try sandbox.portctl(command, "web")
            #expect(outcome.status == 1 && outcome.output == "")
            for name in ["a/main/web has port", "b/main/web has port"] { #expect(outcome.errors.contains(name)) }
        }
    }

    @Test func replicasOfANameAreAllShownButNoneIsKilled() throws {
        let first = try sandbox.portctl("alloc", "web").output
        let second = try sandbox.portctl("alloc", "web").output
        #expect(first != second)
        #expect(try sandbox.portctl("who", "web").lines.count == 2)
        let kill = try sandbox.portctl("kill", "web")
        #expect(kill.status == 1 && kill.errors.contains("\"web\" has several ports: "))
    }
}
