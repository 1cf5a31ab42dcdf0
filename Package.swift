// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is held to; dependencies are left alone.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Has the loader look up every function at the start: later, it would save the registers on the stack, and with them
/// whatever the cipher has just left there.
let boundAtStart: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "-znow"])]

/// Has every call that frees memory, also those of libraries linked in, go to `CMemory`, which wipes first.
let wiping = ["free", "realloc", "reallocarray"].flatMap { ["-Xlinker", "--wrap=\($0)"] }

/// Links `coffer` as a static, position-independent program, as the scripts that build releases ask for: the loader's
/// work, done anew at each start, is a third of the time that starting takes. Needs `--static-swift-stdlib`.
let staticLinking: [LinkerSetting] =
    Context.environment["COFFER_LINK"] == "static"
    ? [.unsafeFlags(["-use-ld=lld", "-Xclang-linker", "-static-pie", "-Xlinker", "-zpack-relative-relocs"] + wiping)]
    : boundAtStart

let package = Package(
    name: "coffer",
    products: [
        .executable(name: "coffer", targets: ["coffer"]),
        .executable(name: "coffer-server", targets: ["coffer-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CPlatform"),
        .target(name: "CMemory"),
        .target(name: "Sodium", dependencies: ["CSodium"], swiftSettings: strict),
        .target(
            name: "Vault",
            dependencies: [
                "CPlatform", "Sodium",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(name: "SecretsAPI", dependencies: ["Sodium", "Vault"], swiftSettings: strict),
        .target(name: "EnvFile", swiftSettings: strict),
        .target(
            name: "TaskRuntime", dependencies: ["CPlatform", "SecretsAPI", "Sodium", "Vault"], swiftSettings: strict),
        .target(
            name: "SecretsServer",
            dependencies: [
                "SecretsAPI", "Sodium", "Vault",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("openapi.json")],
            swiftSettings: strict
        ),
        .target(
            name: "Commands",
            dependencies: [
                "CPlatform", "EnvFile", "SecretsAPI", "Sodium", "TaskRuntime", "Vault",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "coffer", dependencies: ["CMemory", "Commands"], swiftSettings: strict, linkerSettings: staticLinking),
        .executableTarget(
            name: "coffer-server",
            dependencies: [
                "CMemory", "Commands", "SecretsAPI", "SecretsServer", "Sodium", "Vault",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict, linkerSettings: boundAtStart
        ),
        .target(name: "TestSupport", dependencies: ["Sodium"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "SodiumTests", dependencies: ["Sodium", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "VaultTests",
            dependencies: ["Sodium", "Vault", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .testTarget(name: "SecretsAPITests", dependencies: ["SecretsAPI", "Sodium", "Vault"], swiftSettings: strict),
        .testTarget(
            name: "TaskRuntimeTests", dependencies: ["SecretsAPI", "Sodium", "TaskRuntime", "TestSupport", "Vault"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Sodium", "TaskRuntime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "EnvFileTests", dependencies: ["EnvFile"], swiftSettings: strict),
        .testTarget(
            name: "SecretsServerTests",
            dependencies: [
                "SecretsAPI", "SecretsServer", "Sodium", "Vault",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
