import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look everything over, and say what to do about what is wrong.",
        discussion: "Changes nothing and starts nothing. Exit code 1 when there is a problem."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let findings = try Examination().findings()
        let text = findings.map(\.lines).joined(separator: "\n")
        try Output.result(findings, asJSON: json, text: text)
        if findings.contains(where: { $0.severity == .problem }) { throw SilentFailure() }
    }
}

/// What can be seen from here, and what the daemon says of itself.
private struct Examination {
    func findings() throws -> [FindingDTO] {
        let address: ServerAddress
        do {
            address = try ServerAddress.current()
        } catch {
            return [FindingDTO("daemon", .problem, error.message, remedy: error.hint)]
        }
        let client = PortClient(address: address)
        do throws(ClientError) {
            let status = try client.get(Paths.status, as: StatusBody.self)
            var findings =
                [daemon(status)] + files(of: address, database: status.database) + status.listeners.map(\.finding)
            do throws(ClientError) {
                findings += try client.send("GET", Paths.diagnosis, as: [FindingDTO].self)
            } catch {
                findings.append(FindingDTO("database", .problem, error.message, remedy: error.hint))
            }
            return findings
        } catch {
            let rest = "database, listeners, ephemeral range, pools and conflicts"
            return [unreached(error)] + files(of: address)
                + [FindingDTO("the rest", .warning, "\(rest) were not looked at: only the daemon can")]
        }
    }

    private func daemon(_ status: StatusBody) -> FindingDTO {
        guard status.version == BuildInformation.version, status.commit == BuildInformation.commit else {
            return FindingDTO(
                "daemon",
                .warning,
                "it runs (pid \(status.pid)), but is version \(status.version) (\(status.commit)), and portctl "
                    + "\(BuildInformation.version) (\(BuildInformation.commit))",
                remedy: "portctl restart"
            )
        }
        return FindingDTO("daemon", .ok, "it runs (pid \(status.pid), version \(status.version))")
    }

    private func unreached(_ error: ClientError) -> FindingDTO {
        guard case .notRunning(.home(let home)) = error else {
            return FindingDTO("daemon", .problem, error.message, remedy: error.hint)
        }
        // What it said last, if it failed to start.
        let lines = SmallFile.text(at: home.logPath, limit: 1 << 24)?.split(separator: "\n")
        let last = lines?.last { $0.hasPrefix("port-server: ") }
        guard let last, !last.hasPrefix("port-server: ready ") else {
            return FindingDTO("daemon", .warning, "it does not run", remedy: "portctl start")
        }
        return FindingDTO(
            "daemon",
            .problem,
            "it does not start; its log ends with: \(last)",
            remedy: "mend that, then: portctl start"
        )
    }

    /// The socket's directory and what is in it.
    private func files(of address: ServerAddress, database: String? = nil) -> [FindingDTO] {
        guard case .home(let home) = address else {
            return [FindingDTO("socket", .ok, "not used: PORT_SERVER_ADDR names \(address)")]
        }
        var findings: [FindingDTO] = []
        do {
            try home.checkSocketPath()
            let isOpen = home.daemon != nil
            if isOpen { findings.append(FindingDTO("socket", .ok, "\(home.socketPath) is open")) }
        } catch {
            findings.append(FindingDTO("socket", .problem, error.message, remedy: error.hint))
        }
        let faults = home.faults(database: database)
        if faults.isEmpty { findings.append(FindingDTO("permissions", .ok, "\(home.path) is yours alone")) }
        return findings
            + faults.map { FindingDTO("permissions", .problem, "\($0.path): \($0.what)", remedy: $0.remedy) }
    }
}

extension StatusBody.Listener {
    fileprivate var finding: FindingDTO {
        switch state {
        case "open": FindingDTO("front door", .ok, "\(address) is open")
        case "taken":
            FindingDTO(
                "front door",
                .warning,
                "\(address) is taken by another program: curl and browsers do not reach the daemon there",
                remedy: "portctl who \(address.split(separator: ":").last ?? ""), or another port in config.yaml"
            )
        default:
            FindingDTO("front door", .warning, "\(address) is \(state)", remedy: "see port-server.log")
        }
    }
}

extension FindingDTO {
    fileprivate var lines: String {
        let mark =
            switch severity {
            case .ok: "✓"
            case .warning: "!"
            case .problem: "✗"
            }
        let line = "\(mark) \(check): \(message.oneLine)"
        return remedy.map { "\(line)\n    → \($0.oneLine)" } ?? line
    }
}
