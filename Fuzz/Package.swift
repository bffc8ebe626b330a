// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT

import PackageDescription

// Harnesses for libFuzzer, in a package of their own: scripts/fuzz-files.sh builds it with the sanitizer's coverage.
let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "sinew", path: "..")],
    targets: [
        ("FuzzONNX", "SinewPolicies"), ("FuzzContract", "SinewPolicies"), ("FuzzMJCF", "SinewRobots"),
    ].map {
        .executableTarget(
            name: $0.0, dependencies: [.product(name: $0.1, package: "sinew")],
            // The harness brings a C function as `main`.
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    } + [
        .executableTarget(
            name: "FuzzMeshes", dependencies: [.product(name: "SinewRobots", package: "sinew")],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ]
)
