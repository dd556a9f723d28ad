// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "embedded-swift",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "portctl", path: "../..")],
    targets: [
        .executableTarget(
            name: "embedded-swift",
            dependencies: [.product(name: "PortManager", package: "portctl")]
        )
    ]
)
