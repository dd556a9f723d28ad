import Foundation
import PortAPI
import PortSystem
import PortTestSupport
import Testing

/// The settings of the daemon from flags, the environment and config.yaml.
@Suite struct DaemonSettingsTests {
    private let sandbox = try! Sandbox()

    private func status() throws -> StatusBody {
        let outcome = try sandbox.portctl("status", "--json")
        return try JSONDecoder().decode(StatusBody.self, from: Data(outcome.output.utf8))
    }

    @Test(arguments: [
        ("pools: 6000-7000", "pools must be a mapping"), ("port: [8000]", "port must be one value"),
        ("log: debug", "log must be a mapping"), ("pools:\n  registy: 1", "no setting pools.registy"),
        ("colour: red", "no setting colour"), ("- x", "it must be a mapping"), ("exclude: {a: b}", "list of values"),
        ("a: [", "it is not valid YAML"), ("sweep: {seconds: 0}", "sweep.seconds must be"),
        ("legacy: {ports: perhaps}", "legacy.ports must be true or false"),
    ])
    func misspelledOrMalformedSettingIsNamed(_ text: String, _ complaint: String) throws {
        try sandbox.home.prepare()
        try PrivateFile.replace(sandbox.home.configurationPath, with: text + "\n")
        let outcome = try sandbox.run("port-server")
        #expect(outcome.status == 1 && outcome.errors.contains(complaint), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }

    @Test func relativePathInTheConfigurationIsRelativeToTheHome() throws {
        try sandbox.home.prepare()
        try PrivateFile.replace(sandbox.home.configurationPath, with: "db: mine.db\n")
        let directory = try sandbox.makeDirectory("elsewhere")
        #expect(try sandbox.portctl("start", in: directory).status == 0)
        #expect(try status().database == "\(sandbox.home.path)/mine.db")
    }

    @Test func legacyPortsAreOpenedOnRequest() throws {
        let outcome = try sandbox.shell(
            """
            PORT_SERVER_LISTEN= port-server --legacy-ports & daemon=$!
            wait_until portctl health
            wait_until sh -c '[ $(portctl status | grep -c "(open)") = 3 ]'
            curl -s http://localhost:9876/health | grep -o '"status":"ok"'
            curl -s http://localhost:3030/list
            kill $daemon; wait $daemon
            """,
            ownNetwork: true
        )
        #expect(outcome.output == "\"status\":\"ok\"\n[]", "\(outcome.errors)")
    }

    @Test func legacyPortsAreRememberedByStart() throws {
        let outcome = try sandbox.shell(
            """
            mkdir -m 700 $PORT_SERVER_HOME
            printf 'exclude: [4000]' > $PORT_SERVER_HOME/config.yaml
            portctl start --legacy-ports >/dev/null
            wait_until sh -c '[ $(portctl status | grep -c "(open)") = 3 ]'
            curl -s http://localhost:3030/list
            portctl restart >/dev/null
            portctl start --legacy-ports 2>&1 | grep -v pid || true
            portctl stop >/dev/null
            portctl list --all
            curl -s http://localhost:9876/health | grep -o '"status":"ok"'
            cat $PORT_SERVER_HOME/config.yaml
            portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        #expect(
            outcome.output == "[]\"status\":\"ok\"\nexclude: [4000]\nlegacy:\n  ports: true\n",
            "\(outcome.errors)"
        )
    }

    @Test(arguments: [
        ("{exclude: [4000]}", false), ("legacy: {ports: false}", false), ("legacy:\n  ports: true\n", true),
        (#""legacy": {ports: false}"#, false), ("legacy: {ports: false} # true", false), (" exclude: [4000]", false),
        ("legacy: # false\n# perhaps\n  ports: true # yes\n", true),
    ])
    func legacyPortsAreNotAddedToAFileThatCannotBeContinued(_ text: String, _ isAccepted: Bool) throws {
        try sandbox.home.prepare()
        try PrivateFile.replace(sandbox.home.configurationPath, with: text)
        let outcome = try sandbox.portctl("start", "--legacy-ports")
        #expect((outcome.status == 0) == isAccepted)
        #expect(outcome.errors.contains("legacy.ports cannot be set in") != isAccepted)
        #expect(SmallFile.text(at: sandbox.home.configurationPath) == text)
    }

    @Test func flagsOverrideTheEnvironmentWhichOverridesTheFile() throws {
        try sandbox.home.prepare()
        func database(_ arguments: [String], _ environment: [String: String?]) throws -> String {
            let daemon = try sandbox.startDaemon(arguments, environment: environment)
            defer {
                daemon.signal(SIGTERM)
                daemon.wait()
            }
            try sandbox.portctl("port", "web")
            return try status().database
        }
        let (file, variable, flag) = (
            "\(sandbox.root)/file.db", "\(sandbox.root)/variable.db", "\(sandbox.root)/flag.db"
        )
        #expect(try database([], [:]) == sandbox.home.databasePath)
        try PrivateFile.replace(sandbox.home.configurationPath, with: "db: \(file)\n")
        #expect(try database([], [:]) == file)
        #expect(try database([], ["PORT_SERVER_DB": variable]) == variable)
        #expect(try database(["--db", flag], ["PORT_SERVER_DB": variable]) == flag)
    }

    @Test func configurationFileSetsPoolsAndExclusions() throws {
        let first = sandbox.firstPort
        let ranges = ["\(first)-\(first + 1)", "\(first + 4)"]
        try sandbox.home.prepare()
        try PrivateFile.replace(
            sandbox.home.configurationPath,
            with: "pools:\n  registry: [\(ranges.joined(separator: ", "))]\nexclude: [\(first)]\nlog:\n  level: debug\n"
        )
        #expect(try sandbox.portctl("port", "one").output == "\(first + 1)\n")
        #expect(try sandbox.portctl("port", "two").output == "\(first + 4)\n")
        let full = try sandbox.portctl("port", "three")
        #expect(full.status == 1)
        let range = ranges.joined(separator: ",")
        #expect(full.errors.contains("range \(range) is full: 2 of 3 ports are allocated to \"user\", 1 is excluded"))
    }

    @Test(arguments: [
        (["--port", "abc"], "port must be a number between 1 and 65535, not \"abc\" (from --port)"),
        (["--port", "-1"], "port must be a number between 1 and 65535, not \"-1\" (from --port)"),
        (["--listen", "0.0.0.0:80"], "listen: \"0.0.0.0:80\" is not a loopback address (from --listen)"),
        (["--log-level", "loud"], "log.level must be one of"),
        (["--db", "/proc/none/ports.db"], "the database /proc/none/ports.db cannot be used"),
        (["--nonsense"], "Unknown option '--nonsense'"),
    ])
    func unusableSettingIsAClearError(_ arguments: [String], _ message: String) throws {
        let outcome = try sandbox.run("port-server", arguments)
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.contains(message))
    }

    @Test(arguments: [
        ("PORT_SERVER_PORT", "abc", "not \"abc\" (from PORT_SERVER_PORT)"),
        ("PORT_SERVER_SWEEP_SECONDS", "0", "not \"0\" (from PORT_SERVER_SWEEP_SECONDS)"),
        ("PORT_SERVER_POOLS_LEASES", "x", "not \"x\" (from PORT_SERVER_POOLS_LEASES)"),
    ])
    func unusableVariableIsNamed(_ name: String, _ value: String, _ message: String) throws {
        let outcome = try sandbox.portctl("start", environment: [name: value])
        #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
    }

    /// With replaced bytes, two homes or databases would become one.
    @Test(arguments: ["PORT_SERVER_HOME", "HOME", "PORT_SERVER_DB", "PORT_SERVER_EXCLUDE", "PORT_SERVER_ADDR"])
    func variableThatIsNotUTF8IsRefusedByItsName(_ name: String) throws {
        let unset = name == "HOME" ? "unset PORT_SERVER_HOME; " : ""
        let value = "$(printf '\(sandbox.root)/\\344rger')"
        let outcome = try sandbox.shell("\(unset)export \(name)=\"\(value)\"; portctl port web")
        #expect(outcome.status == 1 && outcome.errors.contains("\(name) is not UTF-8: "), "\(outcome.errors)")
        let entries = try FileManager.default.contentsOfDirectory(atPath: sandbox.root)
        #expect(!entries.contains { $0.hasSuffix("rger") })
    }

    @Test func malformedConfigurationFileIsNamed() throws {
        try sandbox.home.prepare()
        try PrivateFile.replace(sandbox.home.configurationPath, with: "pools: [unclosed\n")
        let outcome = try sandbox.portctl("port", "web")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("config.yaml cannot be used"))
    }
}
