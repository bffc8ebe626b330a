// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files
internal import Settings

/// Finds the files of meshes by what a robot's file calls them.
package struct MeshFinder: Sendable {
    /// The folders of packages, by their names.
    package var packages: [String: String]
    /// The folder of a run's own copies: where it is given, nothing else is looked at.
    package var copies: String?
    /// What the meshes that are found are to touch with.
    package var kinds = MeshKinds()

    /// The most folders above a robot's file that are looked at.
    private static let height = 12

    package init(packages: [String: String] = [:], copies: String? = nil) {
        (self.packages, self.copies) = (packages, copies)
    }

    /// The name of a run's copy of a mesh: it is the mesh's own, behind a checksum of what the robot's file calls it.
    package static func copyName(of name: String) -> String {
        let plain = name.pathName.utf8.suffix(100).map { byte in
            let isPlain =
                byte < 0x80
                && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
            return isPlain || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                ? byte : UInt8(ascii: "_")
        }
        let sum = String(decoding: CRC32.digits(of: CRC32.checksum(of: Array(name.utf8))), as: UTF8.self)
        return "mesh-\(sum)-" + String(decoding: plain, as: UTF8.self)
    }

    /// The path of the mesh that the robot's file, at the path `robot`, names: by `package://NAME/...`, `file://...`, or a path.
    ///
    /// - Throws: `MeshError` that says where it was looked for.
    package func path(of name: String, robot: String) throws(MeshError) -> String {
        if let copies {
            let path = "\(copies)/\(Self.copyName(of: name))"
            guard FileKind(at: path) == .file else {
                throw MeshError("the run's copy of it, \(path), is missing", "train a new run")
            }
            return path
        }
        guard !name.contains("\0"), !name.isEmpty else { throw MeshError("names no file") }
        let places = try places(of: name.replacing("\\", with: "/"), robot)
        if let found = places.first(where: { FileKind(at: $0.path) == .file }) { return found.path }
        if let other = places.first(where: { FileKind(at: $0.path) != nil }),
            let kind = FileKind(at: other.path)
        {
            throw MeshError("\(other.path) is \(kind.rawValue), not a file")
        }
        var folders: [String] = []
        for place in places where !folders.contains(place.folder) { folders.append(place.folder) }
        let package =
            Self.package(of: name).map { "; or name its package's folder: --package \($0.name)=FOLDER" } ?? ""
        throw MeshError(
            "there is no such file; looked in "
                + folders.prefix(8).joined(separator: ", ")
                + (folders.count > 8 ? " and \(folders.count - 8) more" : ""),
            "put the mesh where the robot's file says\(package)")
    }

    /// Where a mesh may be, best first: the path, and the folder that it is looked for from.
    private func places(of name: String, _ robot: String) throws(MeshError) -> [(
        path: String, folder: String
    )] {
        // What comes through a pipe is as if it stood here.
        let isStream = ["/dev/", "/proc/"].contains(where: robot.hasPrefix)
        let beside = robot.pathFolder.isEmpty || isStream ? "." : robot.pathFolder
        // From the root, so that there is an above.
        let above = Self.foldersAbove(beside.realPath ?? beside)
        if let (package, rest) = Self.package(of: name) {
            var folders: [String] = packages[package].map { [$0] } ?? []
            folders += above.filter { $0.pathName == package || Self.packageName(of: $0) == package }
            folders += above.map { "\($0)/\(package)" }
            for path in Self.list("ROS_PACKAGE_PATH") {
                folders += [path + "/" + package] + (path.pathName == package ? [path] : [])
            }
            folders += Self.list("AMENT_PREFIX_PATH").map { "\($0)/share/\(package)" }
            // At last as if a folder above were the package, by another name.
            return (folders + above).map { ("\($0)/\(rest)", $0) }
        }
        if let colon = name.firstRange(of: "://") {
            guard name[..<colon.lowerBound].lowercased() == "file" else {
                throw MeshError(
                    "\(name[..<colon.upperBound]) is not read: nothing is fetched",
                    "download it, and name the file")
            }
            let path = String(name[colon.upperBound...])
            return path.hasPrefix("/") ? [(path, path.pathFolder)] : [("\(beside)/\(path)", beside)]
        }
        if name.hasPrefix("/") { return [(name, name.pathFolder)] }
        return [("\(beside)/\(name)", beside)] + above.dropFirst().map { ("\($0)/\(name)", $0) }
    }

    /// The package and the path in it of `package://NAME/PATH`, also with a third slash, and of Gazebo's `model://`.
    private static func package(of name: String) -> (name: String, path: String)? {
        for scheme in ["package://", "model://"] where name.lowercased().hasPrefix(scheme) {
            let parts = name.dropFirst(scheme.count).split(separator: "/")
            guard parts.count > 1 else { return nil }
            return (String(parts[0]), parts.dropFirst().joined(separator: "/"))
        }
        return nil
    }

    private static func foldersAbove(_ folder: String) -> [String] {
        var folders = [folder]
        while folders.count < height, let last = folders.last, !last.pathFolder.isEmpty,
            last != last.pathFolder
        {
            folders.append(last.pathFolder)
        }
        return folders
    }

    /// The name in a folder's package.xml.
    private static func packageName(of folder: String) -> String? {
        guard FileKind(at: folder + "/package.xml") == .file,
            let bytes = try? FileBytes.read(folder + "/package.xml", atMost: 1 << 20),
            let match = String(decoding: bytes, as: UTF8.self).firstMatch(
                of: #/<name>\s*([^<\s]+)\s*<\/name>/#)
        else { return nil }
        return String(match.1)
    }

    /// The folders that a variable of the environment lists.
    private static func list(_ variable: String) -> [String] {
        guard let value = unsafe getenv(variable) else { return [] }
        return unsafe String(cString: value).split(separator: ":").map(String.init)
    }
}
