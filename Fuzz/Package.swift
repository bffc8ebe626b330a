// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT

import PackageDescription

// Harnesses for libFuzzer, in a package of their own: scripts/fuzz-files.sh builds it with the sanitizer's coverage.
let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "sinew", path: "..")],
    targets: [
        // The harnesses bring a C function as `main`.
        .target(name: "FuzzDriver")
    ]
        + [
            ("FuzzONNX", "SinewPolicies"), ("FuzzContract", "SinewPolicies"), ("FuzzMJCF", "SinewRobots"),
            ("FuzzMeshes", "SinewRobots"),
        ].map {
            .executableTarget(
                name: $0.0, dependencies: ["FuzzDriver", .product(name: $0.1, package: "sinew")],
                swiftSettings: [.unsafeFlags(["-parse-as-library"])])
        }
)
