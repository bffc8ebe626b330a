// SPDX-License-Identifier: MIT

import ArgumentParser
import Robots

/// `--package`: where the packages are that a robot's meshes are named by.
struct PackageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of a package that the robot names its meshes by, package://NAME/...; any number of times.",
            valueName: "name=folder"), transform: PackageFolder.init)
    var package: [PackageFolder] = []

    var finder: MeshFinder {
        MeshFinder(packages: Dictionary(package.map { ($0.name, $0.folder) }, uniquingKeysWith: { $1 }))
    }
}

/// A package's name and its folder.
struct PackageFolder {
    let name: String
    let folder: String

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw ValidationError("it must be NAME=FOLDER, such as go2_description=../go2_description")
        }
        (name, folder) = (String(parts[0]), String(parts[1]))
    }
}
