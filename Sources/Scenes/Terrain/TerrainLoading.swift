// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
internal import Settings

extension Scene {
    /// Whether there is a floor or a terrain.
    var hasGround: Bool { ground != nil || terrain != nil }

    /// The pictures of the terrain, each with the name that a copy of the scene has it by, beside it.
    package var terrainImages: [(name: String, bytes: [UInt8])] {
        (terrain?.kinds ?? []).compactMap { kind in
            kind.image.map { (kind.file.pathName, $0.bytes) }
        }
    }

    /// Reads the pictures of the terrain, and makes its heights; reports what does not fit the rest of the scene.
    mutating func makeTerrain(_ root: Setting, _ decoder: Decoder) {
        guard var terrain else { return }
        let setting = root.place(of: "terrain")
        for index in terrain.kinds.indices where terrain.kinds[index].shape == .image {
            let items = setting.place(of: "kinds").items ?? []
            let place = items.indices.contains(index) ? items[index].place(of: "file") : setting
            terrain.kinds[index].image = image(terrain.kinds[index].file, place, decoder)
        }
        self.terrain = terrain
        if ground != nil {
            decoder.report(
                root.place(of: "ground"), "the terrain is the ground already", "remove one of them")
        }
        checkTiles(of: terrain, setting.place(of: "tiles"), decoder)
        guard !decoder.findings.hasErrors else { return }
        terrainGrid = TerrainGrid(terrain)
    }

    private func checkTiles(of terrain: Terrain, _ tiles: Setting, _ decoder: Decoder) {
        if base == .fixed, terrain.rows * terrain.columns > 1 {
            decoder.report(
                tiles, "a fixed base stays where it is, on the first tile",
                "write [1, 1], or set base: floating")
        }
        if base == .planar, terrain.columns > 1 {
            decoder.report(
                tiles, "a planar base stays in its plane, on the tiles of one column",
                "write [\(terrain.rows), 1]")
        }
        let images = terrainImages
        for image in images where images.contains(where: { $0.name == image.name && $0.bytes != image.bytes })
        {
            decoder.report(tiles, "two pictures have the name '\(image.name)'", "rename one of them")
            return
        }
    }

    private func image(_ name: String, _ setting: Setting, _ decoder: Decoder) -> HeightImage? {
        let folder = file.pathFolder.isEmpty ? "." : file.pathFolder
        // A copy of a scene has its pictures beside it, whatever their folders were.
        let paths =
            name.hasPrefix("/")
            ? ["\(folder)/\(name.pathName)", name] : ["\(folder)/\(name)", "\(folder)/\(name.pathName)"]
        do {
            for path in paths {
                guard let bytes = try FileBytes.readIfThere(path, atMost: FileLimit.policy) else { continue }
                return HeightImage.read(bytes, name: name, setting, decoder)
            }
            decoder.report(
                setting, "there is no file '\(name.shortened)' beside the scene", "name a PGM picture")
        } catch {
            decoder.report(setting, "\(error)", "name a PGM picture beside the scene")
        }
        return nil
    }
}
