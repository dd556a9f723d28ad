import PortHost
import PortModel
import PortRegistry
import PortStore
import PortSystem
import Synchronization

/// Ports of this machine for a program, without a daemon: the registry is embedded, on the file that the daemon uses,
/// and safe beside it.
///
/// Every call may throw ``PortManagerError``. A manager may be used from several tasks at once; several managers, also
/// in other programs, may share a registry.
public final class PortManager: Sendable {
    let registry: Registry
    let caller: Caller
    private let wantedRange: Mutex<ClosedRange<Int>?>

    /// Opens the registry, making it when it is missing. Throws when the file cannot be used.
    public init(_ options: Options = Options()) throws(PortManagerError) {
        do throws(RegistryError) {
            let home = try HomeDirectory.current()
            let reader = try HomeSettings.reader(of: home)
            let settings = try HomeSettings(reader: reader, home: home)
            if options.registryPath == nil { try home.prepare() }
            registry = Registry(
                store: try SQLiteStore(sharedAt: try Self.prepared(options.registryPath ?? settings.databasePath)),
                machine: EmbeddingMachine(home: home),
                settings: settings.registrySettings()
            )
        } catch {
            throw PortManagerError(error)
        }
        caller = Caller(face: .manager, name: "pid \(CurrentProcess.pid)", pid: CurrentProcess.pid)
        wantedRange = Mutex(options.range ?? options.configuration?.ports.range)
    }

    /// As ``init(_:)``, with the options spelled out.
    public convenience init(
        registryPath: String? = nil,
        range: ClosedRange<Int>? = nil,
        configuration: Configuration? = nil
    ) throws(PortManagerError) {
        try self.init(Options(registryPath: registryPath, range: range, configuration: configuration))
    }

    /// Where ``allocate(in:metadata:lifetime:)`` looks when it is given no range: 3000…3999, unless the options, the
    /// home's `pools.manager` or this property say otherwise. A range that leaves 1…65535 is refused where it is used.
    public var range: ClosedRange<Int> {
        get { wantedRange.withLock(\.self) ?? registry.settings.pool(of: .manager).ranges[0].numbers }
        set { wantedRange.withLock { $0 = newValue } }
    }

    /// What a request without a range of its own chooses from; `nil`: the face's pool.
    func pool(_ range: ClosedRange<Int>?) throws(RegistryError) -> PortPool? {
        guard let range = range ?? wantedRange.withLock(\.self) else { return nil }
        guard let lower = Port(range.lowerBound), let upper = Port(range.upperBound),
            let ports = PortRange(lower, upper)
        else {
            throw RegistryError(
                .invalidRequest,
                "range must lie within 1...65535, not \(range)",
                subject: "\(range)"
            )
        }
        return PortPool([ports])
    }

    /// The absolute path of a file of this user, which is made for this user alone when it is missing.
    private static func prepared(_ path: String) throws(RegistryError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw RegistryError(.invalidRequest, "the registry's path must be a file's", subject: "registryPath")
        }
        let path = HomeSettings.path(path, in: CurrentProcess.directory ?? "")
        do {
            try PrivateFile.makeIfMissing(path)
            return path
        } catch {
            throw RegistryError(
                .insecurePath,
                "the registry \(path) cannot be used: \(error.reason)",
                subject: path,
                hint: "name a file of yours in a directory that exists"
            )
        }
    }

    /// Makes the registry's refusals this library's.
    func mappingErrors<Value>(_ body: () async throws(RegistryError) -> Value) async throws(PortManagerError) -> Value {
        do { return try await body() } catch { throw PortManagerError(error) }
    }
}

extension PortRange {
    var numbers: ClosedRange<Int> { Int(lower.number)...Int(upper.number) }
}

extension Port {
    /// Throws `invalid_port`.
    init(checking number: Int) throws(RegistryError) {
        guard let port = Port(number) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535, not \(number)", subject: "\(number)")
        }
        self = port
    }
}
