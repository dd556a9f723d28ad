import PortAPI
import PortClient
import PortErrors
import PortModel
import PortSystem

/// The checks of `portctl doctor`: those that need no daemon, and the diagnosis of a running one.
struct InstallationCheck {
    /// Runs all checks and returns their results. Never starts a daemon.
    func findings() throws -> [FindingDTO] {
        let address: ServerAddress
        do {
            address = try ServerAddress.current()
        } catch {
            return [FindingDTO("daemon", .problem, error.message, remedies: error.remedies)]
        }
        let client = PortClient(address: address, policy: .wait)
        do throws(ClientError) {
            let status = try client.daemon.status()
            let network = DaemonNetwork(status)
            var findings = [daemon(status)] + [network?.finding].compactMap(\.self)
            findings += files(of: address, database: status.database)
            findings += status.addresses.map { $0.finding(isElsewhere: network?.isElsewhere ?? false) }
            do throws(ClientError) {
                findings += try client.daemon.diagnosis()
            } catch {
                let remedy = error.hint(in: \.commandLineWords)
                findings.append(FindingDTO("database", .problem, error.message, remedy: remedy))
            }
            return findings
        } catch {
            let rest = "database, listeners, ephemeral range, pools and conflicts"
            return [unreached(error)] + files(of: address)
                + [FindingDTO("other checks", .warning, "\(rest) were not checked: only the daemon can check them")]
        }
    }

    private func daemon(_ status: StatusBody) -> FindingDTO {
        guard status.version == BuildInformation.version, status.commit == BuildInformation.commit else {
            return FindingDTO(
                "daemon",
                .warning,
                "it runs (pid \(status.pid)), but has version \(status.version) (\(status.commit)); portctl has "
                    + "\(BuildInformation.version) (\(BuildInformation.commit))",
                remedy: "portctl restart"
            )
        }
        return FindingDTO("daemon", .ok, "it runs (pid \(status.pid), version \(status.version))")
    }

    /// The finding for a daemon that did not respond.
    private func unreached(_ error: ClientError) -> FindingDTO {
        guard case .notRunning(.home(let home)) = error else {
            return FindingDTO("daemon", .problem, error.message, remedy: error.hint(in: \.commandLineWords))
        }
        // If the daemon failed to start, its last log line gives the reason.
        let lines = SmallFile.text(at: home.logPath, limit: 1 << 24)?.split(separator: "\n")
        let last = lines?.last { $0.hasPrefix("port-server: ") }
        guard let last, !last.hasPrefix("port-server: ready ") else {
            // Where the home cannot be used, its own finding has the remedy.
            let remedy = (try? home.check()) == nil ? nil : "portctl start"
            return FindingDTO("daemon", .warning, "it does not run", remedy: remedy)
        }
        return FindingDTO(
            "daemon",
            .problem,
            "it does not start; its log ends with: \(last)",
            remedy: "fix that, then: portctl start"
        )
    }

    /// Checks the socket, and the permissions of the home and its files.
    private func files(of address: ServerAddress, database: String? = nil) -> [FindingDTO] {
        guard case .home(let home) = address else {
            return [FindingDTO("socket", .ok, "not used: PORT_SERVER_ADDR names \(address)")]
        }
        do {
            try home.check()
        } catch {
            let refusal = RegistryError(error)
            return [FindingDTO("home", .problem, refusal.message, remedies: refusal.remedies)]
        }
        guard home.exists else {
            return [FindingDTO("home", .ok, "\(home.path) does not exist yet, and can be created")]
        }
        var findings: [FindingDTO] = []
        if home.daemon != nil { findings.append(FindingDTO("socket", .ok, "\(home.socketPath) is open")) }
        let faults = home.faults(database: database)
        if faults.isEmpty { findings.append(FindingDTO("permissions", .ok, "only you have access to \(home.path)")) }
        return findings
            + faults.map { FindingDTO("permissions", .problem, "\($0.path): \($0.problem)", remedy: $0.remedy) }
    }
}

extension StatusBody.Address {
    /// The finding for one of the daemon's TCP addresses.
    fileprivate func finding(isElsewhere: Bool) -> FindingDTO {
        switch state {
        case "open" where isElsewhere:
            FindingDTO("http", .warning, "\(address) is open in the daemon's network namespace, not in this one")
        case "open": FindingDTO("http", .ok, "\(address) is open")
        case "taken":
            FindingDTO(
                "http",
                .warning,
                "\(address) is taken by another program: curl and browsers do not reach the daemon there",
                remedy: "portctl who \(address.split(separator: ":").last ?? ""), or another port in config.yaml"
            )
        default:
            FindingDTO("http", .warning, "\(address) is \(state)", remedy: "see port-server.log")
        }
    }
}
