// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files
internal import Robots
public import Settings

/// The name of a scene and what it is about.
public struct SceneSummary: Sendable, Equatable {
    /// The name that `Scene.load(named:)` takes.
    public var name: String
    /// The file's `summary`; empty where it cannot be read.
    public var summary: String
    /// The file.
    public var file: String
}

/// The folders that scenes and robots are found in: each may hold a `Scenes` and a `Robots` folder.
public struct SceneCatalog: Sendable, Equatable {
    /// The folders, first ones first.
    public var folders: [String]

    /// Makes a catalog of folders.
    public init(folders: [String]) {
        self.folders = folders
    }

    /// Here, then `share/sinew` beside the installed executable, then `$SINEW_HOME`.
    public static var standard: SceneCatalog {
        var folders = ["."]
        if let executable = "/proc/self/exe".realPath ?? CommandLine.arguments.first?.realPath {
            folders.append(executable.pathFolder.pathFolder + "/share/sinew")
        }
        if let home = unsafe getenv("SINEW_HOME"), case let home = unsafe String(cString: home), !home.isEmpty
        {
            folders.append(home)
        }
        return SceneCatalog(folders: folders)
    }

    /// The scenes that can be found by name, in alphabetical order; of two with one name, the one in the first folder.
    public func scenes() -> [SceneSummary] {
        var found: [String: SceneSummary] = [:]
        for folder in folders {
            let scenes = folder + "/Scenes"
            for file in Folder.names(at: scenes) where file.hasSuffix(".yaml") && !file.hasPrefix(".") {
                let name = String(file.dropLast(5))
                if found[name] != nil { continue }
                let path = folder == "." ? "Scenes/\(file)" : "\(scenes)/\(file)"
                found[name] = SceneSummary(name: name, summary: Self.summary(of: path), file: path)
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private static func summary(of file: String) -> String {
        guard let data = try? FileText.read(file) else { return "" }
        guard let summary = YAMLReader.read(data, findings: Findings(file: file))?["summary"]?.text
        else { return "" }
        return summary
    }

    /// The file of a scene, by its name or path.
    ///
    /// - Parameter name: a path if it has a `/` or ends as scenes and robots do, else a name.
    /// - Returns: the path.
    /// - Throws: that there is none, with those that there are.
    public func file(of name: String) throws(DescriptionError) -> String {
        let ending = name.pathEnding.lowercased()
        if name.contains("/") || ["yaml", "yml"].contains(ending) || ForeignFile.endings.contains(ending) {
            return name
        }
        let scenes = scenes()
        if let scene = scenes.first(where: { $0.name == name }) { return scene.file }
        let names = scenes.map(\.name)
        var remedy =
            names.isEmpty ? "none was found in \(folders.map { $0 + "/Scenes" }.joined(separator: ", "))" : ""
        if !names.isEmpty {
            if let near = NearestName.of(name, in: names) { remedy = "did you mean '\(near)'? " }
            remedy += "there are: \(names.joined(separator: ", "))"
        }
        throw DescriptionError(
            .missing,
            [
                Diagnostic(
                    .error, file: "scene '\(name.shortened)'", message: "there is none of this name",
                    remedy: remedy)
            ])
    }

    /// Whether a path names what passes by, such as `/dev/stdin`, and no file that can be found again.
    package static func isStream(_ path: String) -> Bool {
        ["/dev/", "/proc/"].contains(where: path.hasPrefix)
    }

    /// The robot's file: beside the scene (here, where it came through a pipe), then in `Robots` of the folders; nil where there is none.
    func robotFile(_ name: String, scene: String) -> String? {
        guard !name.contains("\0") else { return nil }
        let exists = { (path: String) in
            FileKind(at: path).map { $0 != .folder } ?? false
        }
        if name.hasPrefix("/") { return exists(name) ? name : nil }
        let beside = Self.isStream(scene) ? "" : scene.pathFolder
        let places = [beside.isEmpty ? "." : beside, beside + "/../Robots"] + folders.map { $0 + "/Robots" }
        for place in places {
            let path = (place == "." ? name : "\(place)/\(name)").simplifiedPath
            if exists(path) { return path }
        }
        return nil
    }
}
