// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT

import PackageDescription

// Every Swift target is built with the same strictness; warnings are errors everywhere.
let swiftSettings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let cSettings: [CSetting] = [
    .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]
let cxxSettings: [CXXSetting] = [
    .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

/// A Swift library target: the folder of its name in Sources.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// The test target of a module: the folder `<name>Tests` in Tests.
func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
        resources: resources, swiftSettings: swiftSettings)
}

let package = Package(
    name: "sinew",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "sinew", targets: ["SinewCommand"]),
        .library(name: "SinewPolicies", targets: ["Environments", "Policies", "Export"]),
        .library(name: "Sinew", targets: ["Environments", "Policies", "Agents", "Simulation", "Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // What is described: robots and scenes as plain values.
        module("Descriptions", ["Yams"]),
        // What moves: ODE behind a C shim, and its Swift owner.
        .target(
            name: "CPhysics", cSettings: cSettings,
            linkerSettings: [.linkedLibrary("ode"), .linkedLibrary("m", .when(platforms: [.linux]))]),
        module("Physics", ["CPhysics"]),
        // What is drawn: curves as SVG.
        module("Charts"),
        // What an agent sees: the contract, and scenes brought to life.
        module("Environments"),
        module("Simulation", ["Physics", "Descriptions", "Environments", "Charts"]),
        // What computes: dense kernels and the networks on them.
        .systemLibrary(
            name: "CEigen", pkgConfig: "eigen3", providers: [.apt(["libeigen3-dev"]), .brew(["eigen"])]),
        .target(name: "CKernels", dependencies: ["CEigen"], cSettings: cSettings, cxxSettings: cxxSettings),
        module("Networks", ["CKernels", "Environments"]),
        // What is kept: the container, and the policy in it.
        module("Safetensors"),
        .target(name: "CPolicyRuntime", cSettings: cSettings),
        module("Policies", ["Networks", "Safetensors", "CPolicyRuntime", "Environments"]),
        module("Export", ["Policies", "Safetensors", "Environments"]),
        // What learns, and the run it learns in.
        module("Agents", ["Policies", "Networks", "Environments", "Safetensors"]),
        module("Training", ["Agents", "Policies", "Safetensors", "Environments", "Yams"]),
        // What the article claims, as experiments.
        module("Studies", ["Training", "Agents", "Policies", "Environments", "Charts"]),
        .executableTarget(
            name: "SinewCommand",
            dependencies: [
                "Studies", "Charts", "Training", "Agents", "Export", "Policies", "Networks", "Safetensors",
                "Simulation", "Descriptions", "Environments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),

        tests(of: "Charts", ["Environments"]),
        tests(of: "Descriptions"),
        tests(of: "Physics"),
        tests(of: "Environments"),
        tests(
            of: "Simulation", ["Physics", "Descriptions", "Environments"], resources: [.copy("Golden")]),
        tests(of: "Networks", ["CKernels"]),
        tests(of: "Safetensors", resources: [.copy("Golden")]),
        tests(of: "Policies", ["Networks", "Safetensors", "CPolicyRuntime", "Environments"]),
        tests(of: "Export", ["Policies", "Safetensors", "Environments"], resources: [.copy("Golden")]),
        tests(
            of: "Agents", ["Networks", "Policies", "Environments", "Safetensors"],
            resources: [.copy("Golden")]),
        tests(of: "Studies", ["Agents", "Charts", "Environments"]),
        tests(of: "Training", ["Agents", "Policies", "Environments", "Safetensors"]),
        .testTarget(
            name: "SinewCommandTests",
            dependencies: ["SinewCommand", "Export", "Safetensors", "Environments"],
            swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c99,
    cxxLanguageStandard: .cxx17
)
