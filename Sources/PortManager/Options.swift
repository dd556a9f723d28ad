extension PortManager {
    /// What a manager is told when it is made.
    public struct Options: Sendable {
        /// The registry's file, SQLite; `nil`: the daemon's own, `~/.port_server/ports.db` unless it was told another.
        public var registryPath: String?
        /// Where ports are chosen from; counts before ``configuration``.
        public var range: ClosedRange<Int>?
        /// What the program's own configuration says.
        public var configuration: Configuration?

        /// Everything that is left out has its default.
        public init(
            registryPath: String? = nil,
            range: ClosedRange<Int>? = nil,
            configuration: Configuration? = nil
        ) {
            self.registryPath = registryPath
            self.range = range
            self.configuration = configuration
        }
    }

    /// A program's own configuration, as far as it is about ports.
    public struct Configuration: Sendable {
        /// The only part that this library reads.
        public var ports: Ports

        /// Without ports: the defaults.
        public init(ports: Ports = Ports()) { self.ports = ports }

        /// What is said about ports.
        public struct Ports: Sendable {
            /// Where ports are chosen from.
            public var range: ClosedRange<Int>?

            /// `nil`: the default range.
            public init(range: ClosedRange<Int>? = nil) { self.range = range }
        }
    }

    /// How long an allocation lives. Whatever it is, ``release(_:)`` ends it.
    public enum Lifetime: Sendable {
        case untilReleased
        /// Until the process, one of this user, has exited, and `grace` seconds more.
        case process(Int32, grace: Int = 0)
        /// Until so many seconds (1 to 30 days) have passed since the last ``renew(_:)``.
        case seconds(Int)
    }
}
