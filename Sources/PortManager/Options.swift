extension PortManager {
    /// The options of a manager.
    public struct Options: Sendable {
        /// The path of the registry, a SQLite file. `nil` means the daemon's registry: `~/.port_server/ports.db`,
        /// unless the environment or config.yaml names another one.
        public var registryPath: String?
        /// The range from which ports are chosen. It takes precedence over ``configuration``.
        public var range: ClosedRange<Int>?
        /// The program's own configuration.
        public var configuration: Configuration?
        /// Called for each port that is a poor choice, or not the expected one, with the reason in one line. For
        /// example, a port of the kernel's ephemeral range is allocated only when the range has no other port.
        public var onWarning: (@Sendable (String) -> Void)?

        /// Creates options. Every argument that is left out has its default.
        public init(
            registryPath: String? = nil,
            range: ClosedRange<Int>? = nil,
            configuration: Configuration? = nil,
            onWarning: (@Sendable (String) -> Void)? = nil
        ) {
            self.registryPath = registryPath
            self.range = range
            self.configuration = configuration
            self.onWarning = onWarning
        }
    }

    /// The part of a program's own configuration that concerns ports.
    public struct Configuration: Sendable {
        /// The settings for ports.
        public var ports: Ports

        /// Creates a configuration; by default one without settings.
        public init(ports: Ports = Ports()) { self.ports = ports }

        /// The settings for ports.
        public struct Ports: Sendable {
            /// The range from which ports are chosen; `nil` means the default range.
            public var range: ClosedRange<Int>?

            /// Creates settings; by default with the default range.
            public init(range: ClosedRange<Int>? = nil) { self.range = range }
        }
    }

    /// How long an allocation lives. ``release(_:)`` ends any allocation earlier.
    public enum Lifetime: Sendable {
        /// Until the allocation is released, also after this program has ended.
        case untilReleased
        /// Until the process with this id has exited, and `grace` seconds longer. It must be a process of this user.
        case process(Int32, grace: Int = 0)
        /// Until this number of seconds has passed since the allocation or its last ``renew(_:)``; at least 1 second
        /// and at most 30 days.
        case seconds(Int)
    }
}
