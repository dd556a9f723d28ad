import PortAPI
import PortClient
import PortModel

/// The actions of `port-manager`, which print the sentences and the JSON of the original command line
/// (docs/compatibility.md).
struct PortManagerActions {
    let session: Session
    let asJSON: Bool

    /// `--allocate`, and PORT without an action.
    func allocate(_ request: AllocateBody) throws {
        let allocation = try session.allocations.create(request)
        warn(allocation.warnings)
        var answer = Answer(status: "allocated", port: allocation.port, message: "Port successfully allocated.")
        answer.warnings = allocation.warnings
        try printAnswer(answer, "Port Manager: Allocated port \(allocation.port).")
    }

    /// `--allocate-group`.
    func allocateGroup(_ request: GroupRequestBody) throws {
        let group = try session.groups.create(request)
        warn(group.warnings)
        var answer = Answer(status: "allocated", message: "Port group successfully allocated.")
        answer.groupId = group.id
        answer.ports = group.allocations.map { RolePort(role: $0.service, port: $0.port) }
        let lines = ["Port Manager: Allocated port group \(group.id)."] + group.lines()
        try printAnswer(answer, lines.joined(separator: "\n"))
    }

    /// `--release`: ends the allocation, whichever face holds it.
    func release(_ port: Int) throws {
        var filter = FilterBody(port: port)
        filter.face = Face.manager.rawValue
        filter.wide = true
        let answer = try session.allocations.release(matching: filter)
        guard answer.deleted > 0 else {
            throw Failure("port \(port) is not allocated", hint: "port-manager --list", code: "allocation_not_found")
        }
        let named = answer.allocations?.filter { $0.app != ServiceIdentity.unnamedApp }
        ProjectScope.explain(released: named, by: try? ProjectOptions.none.resolved())
        try printAnswer(
            Answer(status: "released", port: port, message: "Port released."),
            "Port Manager: Released port \(port)."
        )
    }

    /// `--release-group`.
    func releaseGroup(_ id: String) throws {
        let group = try session.groups.release(id: id)
        var answer = Answer(status: "released", message: "Port group released.")
        answer.groupId = group.id
        answer.ports = group.allocations.map { RolePort(role: $0.service, port: $0.port) }
        try printAnswer(answer, "Port Manager: Released port group \(group.id).")
    }

    /// `--list`.
    func list() throws {
        let allocations = try allocations()
        var answer = Answer(status: "list")
        answer.allocations = allocations.map(Entry.init)
        answer.count = allocations.count
        let lines = try allocations.map { allocation in
            let entry = Entry(allocation)
            // What the original calls a port without names.
            let name = allocation.path == ServiceIdentity.unnamed.description ? "unnamed" : allocation.name.oneLine
            var line = "\(allocation.port)  \(name)  since \(allocation.createdAt)"
            if let pid = entry.pid { line += "  pid \(pid)" }
            if let metadata = allocation.metadata { line += "  \(try Output.json(metadata, pretty: false).oneLine)" }
            return line
        }
        let noun = allocations.count == 1 ? "port is" : "ports are"
        let head = "Port Manager: \(allocations.count) \(noun) allocated."
        try printAnswer(answer, ([head] + lines).joined(separator: "\n"))
    }

    /// `--probe`.
    func probe(_ port: Int) throws {
        let isInUse = try session.ports.check(port).inUse
        let message = isInUse ? "Port is in use." : "Port is not in use."
        var answer = Answer(status: isInUse ? "in-use" : "not-in-use", port: port, message: message)
        answer.inUse = isInUse
        try printAnswer(answer, "Port Manager: Port \(port) is \(isInUse ? "" : "not ")in use.")
    }

    /// `--detect`.
    func detect(_ port: Int) throws {
        let listeners = try listeners(port)
        var process = listeners.process
        var processLine = listeners.processLine
        if listeners.isEmpty {
            // A socket that is only bound, or the end of a connection, occupies the port as well.
            let uses = try session.ports.check(port)
            guard uses.inUse else { return try reportNotInUse(port) }
            process = uses.uses?.lazy.compactMap(\.processes.first).first
            let user = uses.uses?.first?.userID.map { ", of user id \($0)" } ?? ""
            processLine =
                process.map { "Process: \($0.name.oneLine) (PID: \($0.pid))" } ?? "Process: unknown\(user)"
        }
        var answer = Answer(status: "occupied", port: port, message: "Port is occupied. No action taken.")
        answer.process = process.map(Process.init)
        try printAnswer(
            answer,
            """
            Port Manager: Port \(port) is currently occupied.
            \(processLine)
            No action was taken.
            """
        )
    }

    /// `--kill-port`.
    func kill(_ port: Int, force: Bool) throws {
        let listeners = try listeners(port)
        guard !listeners.isEmpty else { return try reportNotInUse(port) }
        do {
            let pid = try target(port)
            let body = KillRequestBody(pid: Int(pid), force: force)
            let killed = try session.ports.kill(port, body)
            var answer = Answer(status: "terminated", port: port, message: "Process terminated.")
            answer.process = Process(killed.process)
            answer.killed = true
            answer.otherPorts = killed.otherPorts
            if !asJSON, let ports = killed.otherPorts { Output.note("it also listened on \(ports.listed)") }
            try printAnswer(
                answer,
                """
                Port Manager: Port \(port) was occupied by PID \(killed.process.pid).
                Port Manager has safely terminated the process.
                PortShot was prevented.
                """
            )
        } catch let failure as Failure {
            try block(failure, port, listeners)
        }
    }

    /// `--reserve`, with `--kill` if `kill` is set.
    func reserve(_ port: Int, request: AllocateBody, kill: Bool, force: Bool) throws {
        var listeners: [ListenerBody] = []
        do {
            listeners = try self.listeners(port)
        } catch let failure as Failure where !kill && failure.code == RegistryError.Code.otherNamespace.rawValue {
            // Only a kill needs the listeners. The warning of the reservation says where its port was checked.
        }
        var request = request
        request.port = port
        var body = ReserveBody(request: request)
        do {
            if kill, !listeners.isEmpty {
                body.killIfOccupied = true
                body.pid = Int(try target(port))
                body.force = force
            }
            let reservation = try session.allocations.reserve(body)
            warn(reservation.allocation.warnings)
            var answer = Answer(status: "reserved", port: port, message: "Port successfully reserved.")
            answer.warnings = reservation.allocation.warnings
            if reservation.killed, let occupier = reservation.occupier {
                answer.killed = true
                answer.process = Process(occupier)
                answer.otherPorts = reservation.otherPorts
                if !asJSON, let ports = reservation.otherPorts {
                    Output.note("\(occupier.description.oneLine) also listened on \(ports.listed)")
                }
                if !asJSON { Output.note("killed \(occupier.description.oneLine), which listened on port \(port)") }
            }
            try printAnswer(answer, "Port Manager: Port \(port) is now reserved.")
        } catch let failure as Failure {
            try block(failure, port, listeners)
        }
    }

    /// `--cleanup`: ends all holds of PortManager's face.
    func cleanUp() throws {
        let body = FaceHoldsBody(face: Face.manager.rawValue)
        let count = try session.allocations.releaseHolds(body).deleted
        var answer = Answer(status: "cleanup", message: "Allocations cleaned up.")
        answer.cleaned = true
        answer.count = count
        try printAnswer(answer, "Port Manager: Cleaned up \(count) allocation\(count == 1 ? "" : "s").")
    }

    /// `--dashboard`.
    func dashboard() throws {
        let tree = PortTree(title: "Port Manager", allocations: try allocations())
        try session.warnIfElsewhere()
        var answer = Answer(status: "list")
        answer.apps = tree.groups
        try printAnswer(answer, tree.lines.joined(separator: "\n"))
    }

    // MARK: Shared by several actions

    private func allocations() throws -> [AllocationBody] {
        try session.allocations.list(AllocationQuery(wide: true))
    }

    private func listeners(_ port: Int) throws -> [ListenerBody] {
        try session.ports.listeners(on: port)
    }

    /// The pid of the process that a kill would end. The kill names it, so that no other process is killed instead.
    private func target(_ port: Int) throws -> Int32 {
        try session.ports.kill(port, KillRequestBody(dryRun: true)).process.pid
    }

    private func reportNotInUse(_ port: Int) throws {
        try printAnswer(
            Answer(status: "not-in-use", port: port, message: "Port is not in use."),
            "Port Manager: Port \(port) is not in use."
        )
    }

    /// Prints the JSON for a port that another process or allocation has, and throws ``SilentFailure``. Rethrows other
    /// failures, and without --json all failures.
    private func block(_ failure: Failure, _ port: Int, _ listeners: [ListenerBody]) throws {
        let codes: [RegistryError.Code] = [
            .portInUse, .portAllocated, .occupierUnknown, .notTheOccupier, .severalOccupiers, .protectedProcess,
            .stillListening,
        ]
        guard asJSON, codes.contains(where: { $0.rawValue == failure.code }) else { throw failure }
        var answer = Answer(status: "blocked", port: port, message: failure.message).refused(by: failure)
        answer.process = listeners.process.map(Process.init)
        try printAnswer(answer, "")
        throw SilentFailure()
    }

    /// Prints the warnings, which are part of the answer with --json.
    private func warn(_ warnings: [String]?) {
        if !asJSON { Output.warn(warnings) }
    }

    private func printAnswer(_ answer: Answer, _ text: String) throws {
        try Output.result(answer, asJSON: asJSON, text: text)
    }
}

extension [ListenerBody] {
    /// The first process that is known.
    fileprivate var process: ProcessDTO? { lazy.compactMap(\.processes.first).first }

    fileprivate var processLine: String {
        if let process { return "Process: \(process.name.oneLine) (PID: \(process.pid))" }
        return "Process: unknown, of user id \(first?.userID ?? 0)"
    }
}
