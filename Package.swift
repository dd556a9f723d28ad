// swift-tools-version: 6.2
import PackageDescription

// The targets are in the order of their dependencies: a target imports only targets above it. PortHTTP, PortStore and
// PortSystem never import each other; PortDaemon composes them. The command line (portctl) must not link all of
// Foundation, nor GRDB, NIO or Hummingbird, so that it starts fast; scripts/check-thin-cli.sh checks that.
let package = Package(
    name: "portctl",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "portctl", targets: ["portctl"]),
        .library(name: "PortManager", targets: ["PortManager"]),
        .executable(name: "port-server", targets: ["port-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "PortModel"),
        .target(
            name: "CBuildStamp",
            cSettings: [
                .define("PORTCTL_COMMIT", to: stamp("PORTCTL_COMMIT")),
                .define("PORTCTL_BUILD_DATE", to: stamp("PORTCTL_BUILD_DATE")),
            ]
        ),
        .target(name: "PortAPI", dependencies: ["PortModel", "CBuildStamp"]),
        .target(name: "CICUData", cSettings: icuData),
        .target(name: "Libc"),
        .target(name: "CPortSystem"),
        .target(name: "PortSystem", dependencies: ["PortModel", "Libc", "CPortSystem"]),
        .target(name: "PortErrors", dependencies: ["PortModel", "PortSystem"]),
        // Directories and repositories. The command line links it.
        .target(name: "PortProject", dependencies: ["PortModel", "PortSystem"]),
        .target(name: "PortRegistry", dependencies: ["PortModel"]),
        .target(
            name: "PortStore",
            dependencies: [
                "PortModel", "Libc", "PortRegistry",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        .target(
            name: "PortHost",
            dependencies: [
                "PortModel", "PortSystem", "PortProject", "PortErrors", "PortRegistry", "PortStore",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "PortManager",
            dependencies: ["PortModel", "PortSystem", "PortErrors", "PortRegistry", "PortStore", "PortHost"]
        ),
        .target(
            name: "PortDashboard",
            exclude: ["OpenAPI/openapi.yaml"],
            resources: [.embedInCode("Assets"), .embedInCode("OpenAPI/openapi.json")]
        ),
        .target(
            name: "PortHTTP",
            dependencies: [
                "PortModel", "PortAPI", "PortRegistry", "PortDashboard",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(name: "PortClient", dependencies: ["PortModel", "PortAPI", "PortSystem", "PortErrors"]),
        .target(
            name: "PortCommands",
            dependencies: [
                "PortModel", "PortAPI", "PortSystem", "PortProject", "PortErrors", "PortClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.embedInCode("Skill/SKILL.md"), .embedInCode("Skill/WORKFLOW.md")]
        ),
        // The daemon: what it is composed of, and its services. The executable only starts it.
        .target(
            name: "PortDaemon",
            dependencies: [
                "PortModel", "PortAPI", "PortSystem", "PortErrors", "PortRegistry", "PortStore", "PortHost",
                "PortHTTP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        // The proxy to which the services' host names lead. It knows nothing of the daemon.
        .target(name: "PortProxy"),
        .executableTarget(name: "port-server", dependencies: ["PortSystem", "PortDaemon", "CICUData"]),
        .executableTarget(
            name: "portctl",
            dependencies: ["Libc", "PortCommands"]
        ),

        // What several test targets use: a fake machine, temporary directories, sockets, ports and processes.
        .target(
            name: "PortTestSupport",
            dependencies: ["PortModel", "PortSystem", "PortRegistry"],
            path: "Tests/PortTestSupport"
        ),
        .testTarget(name: "PortModelTests", dependencies: ["PortModel"]),
        .testTarget(
            name: "PortProjectTests",
            dependencies: ["PortModel", "PortSystem", "PortProject", "PortTestSupport"]
        ),
        .testTarget(name: "PortAPITests", dependencies: ["PortAPI"]),
        .testTarget(name: "PortSystemTests", dependencies: ["PortModel", "Libc", "PortSystem", "PortTestSupport"]),
        .testTarget(
            name: "PortErrorsTests",
            dependencies: ["PortModel", "PortSystem", "PortErrors", "PortTestSupport"]
        ),
        .testTarget(
            name: "PortRegistryTests",
            dependencies: ["PortModel", "PortRegistry", "PortStore", "PortTestSupport"]
        ),
        .testTarget(
            name: "PortStoreTests",
            dependencies: [
                "PortModel", "PortRegistry", "PortStore", "PortTestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "PortHostTests",
            dependencies: ["PortModel", "PortSystem", "PortRegistry", "PortStore", "PortHost", "PortTestSupport"]
        ),
        .testTarget(
            name: "PortHTTPTests",
            dependencies: [
                "PortModel", "PortAPI", "PortRegistry", "PortStore", "PortDashboard", "PortHTTP", "PortTestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ]
        ),
        .testTarget(
            name: "PortDaemonTests",
            dependencies: [
                "PortModel", "PortAPI", "PortSystem", "PortRegistry", "PortStore", "PortHTTP", "PortDaemon",
                "PortTestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "PortProxyTests",
            dependencies: [
                "PortProxy",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "PortManagerTests", dependencies: ["PortManager", "PortTestSupport"]),
        .testTarget(name: "PortClientTests", dependencies: ["PortAPI", "PortClient", "PortSystem"]),
        .testTarget(
            name: "PortCommandsTests",
            dependencies: [
                "PortModel", "PortAPI", "PortSystem", "PortClient", "PortCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"]
        ),
        // A program that embeds the registry without the daemon, for tests with many processes on one database.
        .executableTarget(
            name: "registry-embedder",
            dependencies: ["PortManager"],
            path: "Tests/RegistryEmbedder"
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "PortModel", "PortAPI", "PortClient", "PortSystem", "PortTestSupport", "port-server", "portctl",
                "registry-embedder",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Only "make bench" sets the variable, so that other builds need neither these targets nor their dependency.
if Context.environment["PORTCTL_BENCHMARKS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []))
    package.targets += [
        .executableTarget(
            name: "hello-server",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/HelloServer"
        ),
        .executableTarget(
            name: "change-subscribers",
            dependencies: ["PortModel", "PortRegistry", "PortStore", "PortTestSupport"],
            path: "Benchmarks/ChangeSubscribers"
        ),
        .executableTarget(
            name: "PortBenchmarks",
            dependencies: [
                "PortModel", "PortAPI", "PortSystem", "PortRegistry", "PortHTTP",
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/PortBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}

// For "make test-examples" only: the example is built with the dependencies of this package instead of its own copies,
// and with the default settings, as its own manifest has them.
if Context.environment["PORTCTL_EXAMPLES"] != nil {
    package.targets.append(
        .executableTarget(
            name: "embedded-swift",
            dependencies: ["PortManager"],
            path: "examples/embedded-swift/Sources/embedded-swift"
        )
    )
}

/// Returns the C string literal of an environment variable that `make build` sets to describe the build, or "unknown".
func stamp(_ variable: String) -> String { "\"\(Context.environment[variable] ?? "unknown")\"" }

/// Defines the path of ICU's data if `make build` has prepared it.
var icuData: [CSetting] {
    Context.environment["PORTCTL_ICU_DATA"].map { [.define("PORTCTL_ICU_DATA", to: "\"\($0)\"")] } ?? []
}
