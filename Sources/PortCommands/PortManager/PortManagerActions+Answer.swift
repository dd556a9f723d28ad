import PortAPI
import PortModel

extension PortManagerActions {
    /// The JSON result of every action. Each action sets the fields that it has.
    struct Answer: Encodable {
        var status: String
        var port: Int?
        var inUse: Bool?
        var process: Process?
        var groupId: String?
        var ports: [RolePort]?
        var allocations: [Entry]?
        var apps: [PortTree.App]?
        var cleaned: Bool?
        var count: Int?
        var killed: Bool?
        /// The other ports that the process listened on.
        var otherPorts: [Int]?
        /// Reasons against using the port.
        var warnings: [String]?
        /// Of an error: a stable identifier.
        var code: String?
        var message: String?
        /// Of an error: what to try next.
        var hint: String?

        init(status: String, port: Int? = nil, message: String? = nil) {
            self.status = status
            self.port = port
            self.message = message
        }

        /// Returns the answer with the code and the hint of the failure.
        func refused(by failure: Failure) -> Answer {
            var answer = self
            answer.code = failure.code ?? "invalid_request"
            answer.hint = failure.hint
            return answer
        }
    }

    /// A process that listens on a port.
    struct Process: Encodable {
        var pid: Int32
        var name: String

        init(_ body: ProcessDTO) {
            pid = body.pid
            name = body.name
        }
    }

    /// A port of a group.
    struct RolePort: Encodable {
        var role: String
        var port: Int
    }

    /// An allocation in the format of the original `listAllocations`.
    struct Entry: Encodable {
        var port: Int
        var allocatedAt: String
        var pid: Int32?
        var metadata: [String: JSONValue]

        init(_ allocation: AllocationBody) {
            port = allocation.port
            allocatedAt = allocation.createdAt
            pid = allocation.holds?.first { $0.ownerAlive == true }?.ownerPID ?? allocation.requestedByPID
            metadata = allocation.metadata ?? [:]
            if allocation.app != ServiceIdentity.unnamedApp { metadata["app"] = .text(allocation.app) }
            if allocation.instance != ServiceIdentity.defaultName { metadata["worktree"] = .text(allocation.instance) }
            if allocation.service != ServiceIdentity.unnamedService { metadata["role"] = .text(allocation.service) }
        }
    }
}
