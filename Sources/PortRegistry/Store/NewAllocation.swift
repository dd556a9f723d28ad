package import PortModel

/// The values of an allocation to insert: those of ``Allocation`` without the id, and with only the first hold.
package struct NewAllocation: Sendable {
    package var identity: ServiceIdentity
    package var replica: Int
    package var port: Port
    package var directory: String?
    package var details: AllocationDetails
    /// The id that all allocations of one group share; `nil` outside of a group.
    package var group: String?
    package var requestedByPID: Int32?
    package var knownSocket: KnownSocket?
    package var hold: Hold

    package init(
        identity: ServiceIdentity,
        replica: Int,
        port: Port,
        directory: String?,
        details: AllocationDetails = AllocationDetails(),
        group: String? = nil,
        requestedByPID: Int32? = nil,
        knownSocket: KnownSocket? = nil,
        hold: Hold
    ) {
        self.identity = identity
        self.replica = replica
        self.port = port
        self.directory = directory
        self.details = details
        self.group = group
        self.requestedByPID = requestedByPID
        self.knownSocket = knownSocket
        self.hold = hold
    }
}
