// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is held to; dependencies are left alone.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "coffer",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "Sodium", dependencies: ["CSodium"], swiftSettings: strict),
        .target(
            name: "Vault",
            dependencies: ["Sodium", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .target(name: "SecretsAPI", dependencies: ["Sodium", "Vault"], swiftSettings: strict),
        .target(name: "EnvFile", swiftSettings: strict),
        .target(name: "TaskRuntime", dependencies: ["SecretsAPI", "Vault"], swiftSettings: strict),
        .testTarget(name: "SodiumTests", dependencies: ["Sodium"], swiftSettings: strict),
        .testTarget(
            name: "VaultTests",
            dependencies: ["Sodium", "Vault", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .testTarget(name: "SecretsAPITests", dependencies: ["SecretsAPI", "Sodium", "Vault"], swiftSettings: strict),
        .testTarget(name: "EnvFileTests", dependencies: ["EnvFile"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
