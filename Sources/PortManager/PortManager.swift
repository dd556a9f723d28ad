import PortErrors
import PortHost
import PortModel
import PortRegistry
import PortStore
import PortSystem
import Synchronization

/// Allocates ports of this machine for a program, without a daemon.
///
/// The manager embeds the registry. By default it uses the same file as the daemon, which may run at the same time.
/// Every call may throw ``PortManagerError``. Several tasks may use one manager at once, and several managers, also in
/// different programs, may share a registry.
public final class PortManager: Sendable {
    let registry: Registry
    let caller: Caller
    private let onWarning: @Sendable (String) -> Void
    /// The range of the options or of ``range``; `nil` for the default.
    private let customRange: Mutex<ClosedRange<Int>?>

    /// Opens the registry and creates it if it is missing.
    ///
    /// Throws ``PortManagerError``, such as `insecure_path` for a file that is not this user's.
    public init(_ options: Options = Options()) throws(PortManagerError) {
        do throws(RegistryError) {
            let home = try RegistryError.mapping { () throws(SystemError) in try HomeDirectory.current() }
            let reader = try HomeSettings.reader(of: home)
            let settings = try HomeSettings(reader: reader, home: home)
            if options.registryPath == nil {
                try RegistryError.mapping { () throws(SystemError) in try home.prepare() }
            }
            registry = Registry(
                store: try SQLiteStore(sharedAt: try Self.prepared(options.registryPath ?? settings.databasePath)),
                machine: EmbeddingMachine(home: home),
                settings: settings.registrySettings()
            )
        } catch {
            throw PortManagerError(error)
        }
        caller = Caller(face: .manager, name: "pid \(CurrentProcess.pid)", pid: CurrentProcess.pid)
        onWarning = options.onWarning ?? { _ in }
        customRange = Mutex(options.range ?? options.configuration?.ports.range)
    }

    /// Opens the registry as ``init(_:)`` does, with each of the ``Options`` as an argument.
    public convenience init(
        registryPath: String? = nil,
        range: ClosedRange<Int>? = nil,
        configuration: Configuration? = nil
    ) throws(PortManagerError) {
        try self.init(Options(registryPath: registryPath, range: range, configuration: configuration))
    }

    /// The range from which ports are chosen if a call does not name its own.
    ///
    /// It is the range of the ``Options`` or the one that was assigned here, otherwise that of the setting
    /// `pools.manager`, otherwise 3000…3999. A call that uses a range outside 1…65535 throws `invalid_request`.
    public var range: ClosedRange<Int> {
        get { customRange.withLock(\.self) ?? registry.settings.pool(of: .manager).ranges[0].numbers }
        set { customRange.withLock { $0 = newValue } }
    }

    /// Returns ``range``.
    public func getRange() -> ClosedRange<Int> { range }

    /// Sets ``range``.
    public func setRange(_ range: ClosedRange<Int>) { self.range = range }

    /// The pool of a request with the range `range`, or ``range`` for `nil`. Returns `nil` for the face's default pool.
    /// Throws `invalid_request`.
    func pool(_ range: ClosedRange<Int>?) throws(RegistryError) -> PortPool? {
        guard let range = range ?? customRange.withLock(\.self) else { return nil }
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

    /// Returns the absolute path of the registry. Creates the file, readable by this user alone, if it is missing.
    /// Throws `insecure_path` for a path that cannot be used.
    private static func prepared(_ path: String) throws(RegistryError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw RegistryError(.invalidRequest, "registryPath must be the path of a file", subject: "registryPath")
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
                remedies: [.advice("name a file of yours in a directory that exists")]
            )
        }
    }

    /// Reports the warnings of an allocation, and returns its port number.
    func port(_ grant: Grant) -> Int {
        report(grant.warnings)
        return Int(grant.allocation.port.number)
    }

    /// Calls ``Options/onWarning`` for each warning.
    func report(_ warnings: [String]) { warnings.forEach(onWarning) }

    /// Runs `body` and rethrows a ``RegistryError`` as ``PortManagerError``.
    func mappingErrors<Value>(_ body: () async throws(RegistryError) -> Value) async throws(PortManagerError) -> Value {
        do { return try await body() } catch { throw PortManagerError(error) }
    }
}

extension PortRange {
    var numbers: ClosedRange<Int> { Int(lower.number)...Int(upper.number) }
}

extension Port {
    /// Creates a port. Throws `invalid_port` for a number outside 1…65535.
    init(checking number: Int) throws(RegistryError) {
        guard let port = Port(number) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535, not \(number)", subject: "\(number)")
        }
        self = port
    }
}
