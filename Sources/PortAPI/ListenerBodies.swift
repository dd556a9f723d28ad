/// An element of `GET /v1/listeners`: one listening socket.
package struct ListenerBody: Codable, Hashable, Sendable {
    package var port: Int
    /// In numbers, such as `127.0.0.1`; `0.0.0.0` and `::` for every one.
    package var address: String
    /// Of the user whose process made the socket.
    package var userID: UInt32
    /// Empty when the kernel does not tell: another user's process, or one in a container.
    package var processes: [ProcessBody]
    /// `app/instance` of the folder that the first process runs in; left out when that is unknown.
    package var project: String?
    /// The claim on the port, with its state; left out when there is none.
    package var allocation: AllocationBody?

    package enum CodingKeys: String, CodingKey {
        case port, address, processes, project, allocation
        case userID = "user_id"
    }

    package init(
        port: Int,
        address: String,
        userID: UInt32,
        processes: [ProcessBody],
        project: String?,
        allocation: AllocationBody?
    ) {
        self.port = port
        self.address = address
        self.userID = userID
        self.processes = processes
        self.project = project
        self.allocation = allocation
    }
}

/// A process that has a listening socket open.
package struct ProcessBody: Codable, Hashable, Sendable {
    package var pid: Int32
    /// As the kernel has it: at most 15 bytes on Linux.
    package var name: String
    /// The program and its arguments; at most 4 KB.
    package var command: [String]
    package var folder: String?

    package init(pid: Int32, name: String, command: [String], folder: String?) {
        self.pid = pid
        self.name = name
        self.command = command
        self.folder = folder
    }

    /// `node (pid 4242)`.
    package var description: String { "\(name) (pid \(pid))" }
}

/// An element of `GET /v1/ports/{port}/journal`: one line of the registry's story.
package struct JournalBody: Codable, Hashable, Sendable {
    /// RFC 3339, UTC, whole seconds.
    package var at: String
    /// `allocated`, `refused`, `released`…
    package var action: String
    package var face: String
    /// Who asked, such as `pid 4242`.
    package var caller: String
    /// `app/instance/service`; left out when it was about no service.
    package var service: String?
    package var port: Int?
    package var reason: String?

    package init(
        at: String,
        action: String,
        face: String,
        caller: String,
        service: String?,
        port: Int?,
        reason: String?
    ) {
        self.at = at
        self.action = action
        self.face = face
        self.caller = caller
        self.service = service
        self.port = port
        self.reason = reason
    }
}

/// `POST /v1/ports/{port}/kill`; the body may be left out.
package struct KillRequestBody: Codable, Hashable, Sendable {
    /// The process that the caller saw; another one is not touched. Left out: the only one that listens.
    package var pid: Int?
    /// SIGKILL when SIGTERM does not close the port within three seconds.
    package var force: Bool?
    /// Only tell who would be ended.
    package var dryRun: Bool?

    package enum CodingKeys: String, CodingKey {
        case pid, force
        case dryRun = "dry_run"
    }

    package init(pid: Int? = nil, force: Bool? = nil, dryRun: Bool? = nil) {
        self.pid = pid
        self.force = force
        self.dryRun = dryRun
    }
}

/// The answer to `POST /v1/ports/{port}/kill`.
package struct KillBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `terminated`: the port is closed; `listening` for a dry run.
    package var status: String
    package var process: ProcessBody
    /// `SIGTERM` or `SIGKILL`; left out for a dry run.
    package var signal: String?

    package init(port: Int, status: String, process: ProcessBody, signal: String?) {
        self.port = port
        self.status = status
        self.process = process
        self.signal = signal
    }
}
