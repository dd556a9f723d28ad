import Foundation
import PortTestSupport
import Testing

/// The variables of `run`'s command beside PORT, and the PORT that `run --port-from-env` takes from its caller.
@Suite struct RunEnvironmentTests {
    private let sandbox = try! Sandbox()

    private func variables(
        in directory: String,
        service: String = "web",
        environment: [String: String?] = [:]
    ) throws -> [String] {
        let outcome = try sandbox.portctl(
            "run",
            service,
            "--quiet",
            "--",
            "env",
            in: directory,
            environment: environment
        )
        return outcome.lines.filter { $0.hasPrefix("PORTCTL_") && $0.contains("_PORT=") }.sorted()
    }

    @Test func commandHasThePortsOfItsWorktreesServices() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../login", in: shop)
        let port = sandbox.firstLease
        for name in ["api", "data-base"] { try sandbox.portctl("alloc", name, in: shop) }
        try sandbox.portctl("alloc", "api", in: "\(sandbox.root)/login")
        #expect(
            try variables(in: shop) == [
                "PORTCTL_API_PORT=\(port)", "PORTCTL_DATA_BASE_PORT=\(port + 1)", "PORTCTL_WEB_PORT=\(port + 3)",
            ]
        )
        #expect(
            try variables(in: "\(sandbox.root)/login", service: "api2") == [
                "PORTCTL_API2_PORT=\(port + 4)", "PORTCTL_API_PORT=\(port + 2)",
            ]
        )
    }

    @Test func variableThatIsSetStaysAndAnotherPortInItIsWarnedOf() throws {
        let shop = try sandbox.makeDirectory("shop")
        try sandbox.portctl("start")
        let port = sandbox.firstLease
        try sandbox.portctl("alloc", "api", in: shop)
        let same = ["PORTCTL_API_PORT": "\(port)", "PORTCTL_WEB_PORT": ""]
        #expect(try variables(in: shop, environment: same) == ["PORTCTL_API_PORT=\(port)", "PORTCTL_WEB_PORT="])
        let arguments = ["run", "web", "--quiet", "--", "printenv", "PORTCTL_API_PORT"]
        let other = try sandbox.run("portctl", arguments, in: shop, environment: ["PORTCTL_API_PORT": "4000"])
        #expect(other.output == "4000\n")
        #expect(
            other.errors
                == "warning: PORTCTL_API_PORT is set to \"4000\" already and stays, but the port is \(port)\n"
        )
    }

    /// Runs `run web --port-from-env` with this PORT, and prints the command's PORT and arguments.
    private func run(_ port: String?, _ options: String..., in directory: String) throws -> Sandbox.Outcome {
        let command = ["--", "sh", "-c", "echo $PORT $0", "{port}"]
        return try sandbox.run(
            "portctl",
            ["run", "web", "--port-from-env"] + options + command,
            in: directory,
            environment: ["PORT": port]
        )
    }

    @Test func portOfTheCallerIsRegisteredAndHandedOn() throws {
        let shop = try sandbox.makeDirectory("shop")
        let port = "\(sandbox.firstPort + 7)"
        let outcome = try run(port, in: shop)
        #expect(outcome.output == "\(port) \(port)\n", "\(outcome.errors)")
        #expect(outcome.errors.contains("Allocated port \(port) for service 'web'"))
        // The service remembers it.
        #expect(try sandbox.portctl("run", "web", "--", "printenv", "PORT", in: shop).lines == [port])
    }

    @Test func serviceMovesToThePortOfTheCallerFromOneThatIsNotInUse() throws {
        let shop = try sandbox.makeDirectory("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let old = try sandbox.portctl("port", "web", in: shop).lines[0]
        let port = "\(sandbox.firstPort + 7)"
        let outcome = try run(port, "--quiet", in: shop)
        #expect(outcome.output == "\(port) \(port)\n")
        #expect(outcome.errors == "warning: shop/main/web had port \(old): moved to \(port)\n")
        #expect(try sandbox.portctl("lookup", "web", in: shop).lines == [port])
    }

    @Test func portOfAnotherServiceFailsWithItsHolder() throws {
        let shop = try sandbox.makeDirectory("shop")
        try sandbox.portctl("alloc", "api", in: shop)
        let outcome = try run("\(sandbox.firstLease)", in: shop)
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.contains("port already allocated: \(sandbox.firstLease)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("shop/main/api"))
    }

    @Test func portOfTheCallerReachesTheToolAsItsFlag() throws {
        let shop = try sandbox.makeDirectory("shop")
        let path = "\(sandbox.root)/bin/vite"
        try Data("#!/bin/sh\necho \"$@\"\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        let port = "\(sandbox.firstPort + 7)"
        let arguments = ["run", "web", "--port-from-env", "--", "vite"]
        let outcome = try sandbox.run("portctl", arguments, in: shop, environment: ["PORT": port])
        #expect(outcome.output == "--port \(port) --strictPort\n")
    }

    @Test(arguments: [
        (nil, "PORT is not set"), ("", "PORT is not set"), ("abc", #"PORT is "abc", which is not a port"#),
        ("0", #"PORT is "0", which is not a port"#), ("65536", #"PORT is "65536", which is not a port"#),
        (" 3000", #"PORT is " 3000", which is not a port"#), ("3000x", #"PORT is "3000x", which is not a port"#),
        ("-1", #"PORT is "-1", which is not a port"#),
    ])
    func portThatIsMissingOrMalformedIsAnErrorAndTakesNoPort(_ value: String?, _ message: String) throws {
        try sandbox.portctl("start")
        let outcome = try run(value, in: sandbox.root)
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("portctl: \(message)\n"), "\(outcome.errors)")
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func portOptionAndPortOfTheCallerCannotBeCombined() throws {
        try sandbox.portctl("start")
        for port in ["4000", "0"] {
            let outcome = try run("3000", "--port", port, in: sandbox.root)
            #expect(outcome.status == 1 && outcome.output == "")
            #expect(outcome.errors.contains("--port and --port-from-env cannot be combined"))
        }
        #expect(try sandbox.portctl("list", "--all").output == "")
    }
}
