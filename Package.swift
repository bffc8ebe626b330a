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

/// A Swift library target: the folder of its name in Sources; each may call the C library.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    plugins: [Target.PluginUsage]? = nil
) -> Target {
    .target(
        name: name, dependencies: (name == "CLibrary" ? [] : ["CLibrary"]) + dependencies,
        exclude: exclude, swiftSettings: swiftSettings, plugins: plugins)
}

/// The test target of a module: the folder `<name>Tests` in Tests.
func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
        resources: resources, swiftSettings: swiftSettings)
}

/// DocC's plugin, which only `make docs` asks for.
let documentation: [Package.Dependency] =
    Context.environment["BUILD_DOCS"] == "1"
    ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []

let package = Package(
    name: "sinew",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "sinew", targets: ["SinewCommand"]),
        .library(name: "SinewC", type: .dynamic, targets: ["SinewC"]),
        .library(name: "SinewPolicies", targets: ["Environments", "Policies", "Export"]),
        .library(name: "SinewRobots", targets: ["Geometry", "Settings", "Robots"]),
        .library(
            name: "Sinew", targets: ["Environments", "Policies", "Agents", "Robots", "Scenes", "Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ] + documentation,
    targets: [
        // What all of them stand on: files, geometry, and how settings are read.
        module("CLibrary"),
        module("Files"),
        module("Processes", ["Files"]),
        module("Geometry"),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        module("Settings", ["CYAML", "Files"]),
        // What is described: robots as plain values.
        .systemLibrary(
            name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
        .target(name: "CMeshes", cSettings: cSettings, linkerSettings: [.linkedLibrary("qhull_r")]),
        module("Robots", ["CXML2", "CMeshes", "Files", "Geometry", "Settings"]),
        // What moves: ODE behind a C shim, and its Swift owner.
        .target(
            name: "CPhysics", cSettings: cSettings,
            linkerSettings: [.linkedLibrary("ode"), .linkedLibrary("m", .when(platforms: [.linux]))]),
        module("Physics", ["CPhysics", "Geometry"]),
        // What an agent sees: the contract, and scenes brought to life.
        module("Environments"),
        module(
            "Scenes", ["Files", "Geometry", "Settings", "Robots", "Physics", "Environments"],
            plugins: ["TermList"]),
        // The list of terms is made of the files in Scenes/Terms.
        .executableTarget(name: "ListTerms", swiftSettings: swiftSettings),
        .plugin(name: "TermList", capability: .buildTool(), dependencies: ["ListTerms"]),
        // What computes: dense kernels and the networks on them.
        .systemLibrary(
            name: "CEigen", pkgConfig: "eigen3", providers: [.apt(["libeigen3-dev"]), .brew(["eigen"])]),
        .target(name: "CKernels", dependencies: ["CEigen"], cSettings: cSettings, cxxSettings: cxxSettings),
        // What carries bytes between the processes of one run.
        .target(
            name: "CMPI", cSettings: cSettings,
            linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        module("Ranks", ["CMPI"]),
        module("Networks", ["CKernels", "Environments", "Ranks"]),
        // What is kept: the container, and the policy in it.
        module("Safetensors", ["Files"]),
        .target(name: "CPolicyRuntime", cSettings: cSettings),
        module("Policies", ["Files", "Safetensors", "CPolicyRuntime", "Environments"]),
        module("Export", ["Files", "Processes", "Policies", "Environments"]),
        // What learns, and the run it learns in.
        module("Agents", ["Settings", "Policies", "Networks", "Environments", "Safetensors"]),
        module(
            "Training",
            ["Files", "Settings", "Agents", "Networks", "Ranks", "Policies", "Safetensors", "Environments"]),
        // A scene with what learns in it.
        module(
            "Tasks",
            ["Files", "Settings", "Robots", "Scenes", "Environments", "Policies", "Agents", "Training"]),
        // What is drawn: curves and robots as SVG, episodes as pictures, films, and a page, whose files become part of the program.
        module(
            "Drawing", ["Files", "Geometry", "Settings", "Robots", "Scenes"], exclude: ["Page/Viewer"],
            plugins: ["PageTexts"]),
        .plugin(name: "PageTexts", capability: .buildTool),
        // What is looked at live, in a browser.
        module(
            "View",
            [
                "Files", "Geometry", "Settings", "Robots", "Physics", "Environments", "Scenes", "Policies",
                "Training", "Tasks", "Drawing",
            ]),
        // What the article claims, as experiments.
        module(
            "Studies",
            ["Files", "Settings", "Training", "Agents", "Policies", "Networks", "Environments", "Drawing"]),
        // Many runs of one task: what each is, who trains it, what came of it.
        module(
            "Sweeps",
            ["Files", "Processes", "Settings", "Environments", "Agents", "Training", "Drawing"]),
        // C functions for Python and others.
        module(
            "SinewC",
            [
                "Drawing", "Tasks", "Training", "Policies", "Networks", "Scenes", "Physics", "Robots",
                "Geometry",
                "Settings", "Environments",
            ]),
        .executableTarget(
            name: "SinewCommand",
            dependencies: [
                "Studies", "View", "Sweeps", "Drawing", "Tasks", "Training", "Agents", "Export", "Policies",
                "Networks", "Ranks", "Safetensors",
                "Scenes", "Physics", "Robots", "Settings", "Geometry", "Processes", "Files", "Environments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings, plugins: ["SourceCommit"]),
        .plugin(name: "SourceCommit", capability: .buildTool),

        tests(of: "Files"),
        tests(of: "Processes"),
        tests(of: "Geometry"),
        tests(of: "Settings"),
        tests(of: "Robots", ["Files", "Geometry", "Settings"], resources: [.copy("Golden")]),
        tests(of: "Drawing", ["Environments", "Files", "Geometry", "Scenes"]),
        tests(of: "Physics", ["Geometry"]),
        tests(of: "Environments"),
        tests(
            of: "Scenes",
            [
                "Agents", "Export", "Geometry", "Policies", "Settings", "Robots", "Physics", "Environments",
            ],
            resources: [.copy("Golden")]),
        tests(of: "Networks", ["CKernels"]),
        tests(of: "Safetensors", ["Files"], resources: [.copy("Golden")]),
        tests(of: "Policies", ["Files", "Safetensors", "CPolicyRuntime", "Environments"]),
        tests(of: "Export", ["Files", "Policies", "Environments"], resources: [.copy("Golden")]),
        tests(
            of: "Agents", ["Settings", "Networks", "Policies", "Environments", "Safetensors"],
            resources: [.copy("Golden")]),
        tests(
            of: "View",
            [
                "Drawing", "Environments", "Files", "Geometry", "Policies", "Robots", "Scenes", "Tasks",
                "Training",
            ]),
        tests(of: "Studies", ["Settings", "Agents", "Networks", "Drawing", "Environments"]),
        tests(of: "Sweeps", ["Files", "Settings", "Environments"]),
        tests(
            of: "Training",
            ["Files", "Settings", "Agents", "Networks", "Ranks", "Policies", "Environments", "Safetensors"]),
        .testTarget(
            name: "SinewCommandTests",
            dependencies: [
                "SinewCommand", "Training", "Export", "Policies", "Files", "Safetensors", "Environments",
            ],
            resources: [.copy("Golden")], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c99,
    cxxLanguageStandard: .cxx17
)
