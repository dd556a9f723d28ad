/// The same calls for metadata whose values are all texts.
extension PortManager {
    /// Allocates a free port as ``allocate(in:metadata:lifetime:)`` does, with texts as metadata.
    public func allocate(
        in range: ClosedRange<Int>? = nil,
        metadata: [String: String],
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> Int {
        try await allocate(in: range, metadata: metadata.mapValues(MetadataValue.text), lifetime: lifetime)
    }

    /// Allocates a port as ``acquirePort(_:_:metadata:)`` does, with texts as metadata.
    public func acquirePort(
        _ preferred: Int = 3000,
        _ range: Int = 100,
        metadata: [String: String]
    ) async throws(PortManagerError) -> Int {
        try await acquirePort(preferred, range, metadata: metadata.mapValues(MetadataValue.text))
    }

    /// Allocates a specific port as ``reserve(_:killIfOccupied:force:metadata:)`` does, with texts as metadata.
    public func reserve(
        _ port: Int,
        killIfOccupied: Bool = false,
        force: Bool = false,
        metadata: [String: String]
    ) async throws(PortManagerError) -> PortReservation {
        try await reserve(
            port,
            killIfOccupied: killIfOccupied,
            force: force,
            metadata: metadata.mapValues(MetadataValue.text)
        )
    }

    /// Allocates a group as ``allocateGroup(_:roles:metadata:in:contiguous:lifetime:)`` does, with texts as metadata.
    public func allocateGroup(
        _ count: Int,
        roles: [String] = [],
        metadata: [String: String],
        in range: ClosedRange<Int>? = nil,
        contiguous: Bool = false,
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> AllocatedGroup {
        try await allocateGroup(
            count,
            roles: roles,
            metadata: metadata.mapValues(MetadataValue.text),
            in: range,
            contiguous: contiguous,
            lifetime: lifetime
        )
    }
}
