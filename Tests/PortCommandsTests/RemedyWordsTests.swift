import PortAPI
import PortClient
import PortModel
import Testing

@testable import PortCommands

/// The command line words remedies with its commands and options; everybody else gets plain words.
@Suite struct RemedyWordsTests {
    private static let port = Port(3000)!
    private static let web = try! ServiceIdentity(app: "shop", instance: "main", service: "web")

    /// One of each, with its words on the command line when it stands alone.
    static let all: [(Remedy, String)] = [
        (.anyPort, "leave the port out to get a free one"),
        (.choosePort, "request another port"),
        (.namePort, "--port N"),
        (.allowAnotherPort, "leave --strict out to move to another port"),
        (.otherRange, "request another range"),
        (.requestFewerPorts, "request fewer ports"),
        (.nonContiguous, "leave --contiguous out"),
        (.force, "--force uses SIGKILL"),
        (.killIfOccupied(port), "--kill ends it"),
        (.spellOut, "name one of them as app/instance/service"),
        (.otherDatabase, "name another database with --db"),
        (.adopt(port, web), "to register it: portctl allocate --service web --port 3000 --adopt"),
        (.kill(port, pid: 42), "portctl kill 3000"),
        (.releasePort(port), "release this one: portctl release 3000"),
        (.release(web), "portctl release shop/main/web"),
        (
            .releaseUnneeded(app: "my shop", instance: "main"),
            "release ports that you no longer need (portctl list --app 'my shop' --instance main)"
        ),
        (.move(web), "to move the service: portctl port shop/main/web"),
        (.showListeners(port), "portctl who 3000"),
        (.showHistory(port), "portctl why 3000 tells its history"),
        (.listAllocations, "portctl list --all shows every allocation"),
        (.listServices, "portctl list --all shows every service"),
        (.listGroups, "portctl group list --all shows every group"),
        (.retry, "try again"),
        (.startDaemon, "start a daemon of your own: portctl start"),
        (.stopDaemon, "portctl stop"),
        (.restart(.changeNamespace), "portctl restart moves it"),
        (.restart(.recoverDatabase), "portctl restart recovers what is readable into a new database"),
        (.restart(.reopenDatabase), "portctl restart opens the current file"),
        (.restart(.readConfiguration), "portctl restart reads config.yaml again"),
        (.restart(.readEphemeralRange), "portctl restart reads the range again"),
        (.findDatabase, "portctl status names the database"),
        (.diagnose, "portctl doctor shows what the system hides"),
        (
            .checkRecovery(damaged: "/x"),
            "check portctl list --all for missing allocations, then remove that file"
        ),
        (.changeSetting("exclude", "widen it in config.yaml"), "widen it in config.yaml"),
        (.stopUnit(pid: 42, of: .system), "systemctl list-sockets shows which unit to stop"),
        (.stopUnit(pid: 42, of: .user), "systemctl --user list-sockets shows which unit to stop"),
        (
            .stopUnit(pid: 42, of: .either),
            "systemctl status 42 and systemctl --user status 42 show which unit to stop"
        ),
        (.stopContainer(port, engine: .docker), "docker ps --filter publish=3000 shows the container to stop"),
        (.stopContainer(port, engine: .podman), "podman ps shows the container to stop"),
        (.stopContainer(port, engine: .runtime), "crictl ps or nerdctl ps shows the container to stop"),
        (.advice("see df"), "see df"),
        (.reason("it ignores SIGTERM"), "it ignores SIGTERM"),
    ]

    @Test func everyRemedyHasItsCommandOrOption() {
        for (remedy, words) in Self.all { #expect([remedy].commandLineWords == words) }
    }

    @Test func plainWordsNameNeitherOptionsNorCommands() {
        for (remedy, _) in Self.all {
            let text = remedy.phrase.text
            #expect(!text.isEmpty && !text.contains("portctl "), "\(text)")
            // Commands of the system have options of their own.
            let isOfTheSystem = text.hasPrefix("systemctl ") || text.hasPrefix("docker ")
            #expect(isOfTheSystem || !text.contains("--"), "\(text)")
        }
    }

    @Test func everyRemedyIsTheSameOverHTTP() {
        for (remedy, _) in Self.all { #expect(RemedyDTO(remedy).remedy == remedy) }
        #expect(Set(Self.all.map { RemedyDTO($0.0).action }).isDisjoint(with: [""]))
    }

    @Test func severalRemediesAreOneSentence() {
        let why = [Remedy.reason("node listens on it"), .showListeners(Self.port), .anyPort, .showHistory(Self.port)]
        #expect(
            why.commandLineWords == "node listens on it: portctl who 3000; leave the port out to get a free one; "
                + "portctl why 3000 tells its history"
        )
        #expect(
            [Remedy.anyPort, .releasePort(Self.port)].commandLineWords
                == "leave the port out to get a free one, or release this one: portctl release 3000"
        )
        #expect(
            [Remedy.move(Self.web), .showListeners(Self.port), .kill(Self.port, pid: 42)].commandLineWords
                == "to move the service: portctl port shop/main/web; portctl who 3000 shows the process; "
                + "portctl kill 3000 ends it"
        )
        #expect(([] as [Remedy]).commandLineWords == nil)
    }

    @Test func refusalWithAnUnknownRemedyShowsItsHint() {
        var body = ErrorBody(error: "taken", code: "port_in_use", remedies: [.allowAnotherPort])
        #expect(Failure(.refused(body)).hint == "leave --strict out to move to another port")
        body.remedies?.append(RemedyDTO(action: "teleport"))
        #expect(Failure(.refused(body)).hint == "leave strict out to move to another port")
        // A daemon without remedies.
        body.remedies = nil
        #expect(Failure(.refused(body)).hint == "leave strict out to move to another port")
    }

    @Test func messageAboutAFieldNamesTheOption() {
        let body = ErrorBody(error: "ttl_seconds must be between 1 and 2 seconds", code: "invalid_ttl")
        #expect(Failure(.refused(body)).message == "--ttl must be between 1 and 2 seconds")
        let other = ErrorBody(error: "port already allocated", code: "port_allocated")
        #expect(Failure(.refused(other)).message == "port already allocated")
    }

    @Test func identityIsShownInWordsThatTheCommandLineReadsBack() throws {
        #expect(Self.web.commandLineWords == "shop/main/web")
        let slashes = try ServiceIdentity(app: "shop", instance: "feature/login", service: "the web")
        #expect(slashes.commandLineWords == "'the web' --app shop --instance feature/login")
    }
}
