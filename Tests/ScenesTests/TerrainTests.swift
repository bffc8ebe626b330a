// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Scenes
import Settings
import Testing

/// Terrains: their heights by closed forms, where robots start on them, and what terms count from.
struct TerrainTests {
    /// One tile of 4 m of a kind, level 0.5 m around its middle.
    func grid(_ kind: TerrainKind, rows: Int = 1, seed: UInt64 = 0) -> TerrainGrid {
        var terrain = Terrain()
        (terrain.kinds, terrain.rows, terrain.seed) = ([kind], rows, seed)
        (terrain.size, terrain.cell, terrain.flat) = (4, 0.05, 0.5)
        return TerrainGrid(terrain)
    }

    @Test func `a slope rises evenly from the border to the level middle`() {
        var kind = TerrainKind(.slope)
        kind.height = 0.6
        let grid = grid(kind)
        for (x, height) in [(0.0, 0.6), (0.5, 0.6), (1.25, 0.3), (2, 0), (-1.25, 0.3), (9, 0)] {
            #expect(abs(grid.height(x: x, y: 0.1) - height) < 1e-6)
            #expect(abs(grid.height(x: 0.1, y: x) - height) < 1e-6)
        }
    }

    @Test func `stairs go down by their height at their length, or up`() {
        var kind = TerrainKind(.stairs)
        for height in [0.1, -0.1] {
            (kind.height, kind.length) = (height, 0.3)
            let grid = grid(kind)
            // Five steps between 0.5 and 2 m; heights in the middle of each.
            for step in 0..<5 {
                let x = 0.5 + 0.3 * (Double(step) + 0.6)
                #expect(abs(grid.height(x: x, y: 0) - height * Double(4 - step)) < 1e-6)
                #expect(abs(grid.height(x: 0.2, y: -x) - height * Double(4 - step)) < 1e-6)
            }
            #expect(abs(grid.middle(row: 0, column: 0).z - 5 * height) < 1e-6)
        }
    }

    @Test func `waves have their height and length`() {
        var kind = TerrainKind(.waves)
        (kind.height, kind.length) = (0.4, 1)
        let grid = grid(kind)
        // The crests of both directions, beyond the level patch, and their valleys.
        #expect(abs(grid.height(x: 1.25, y: 1.25) - 0.2) < 1e-3)
        #expect(abs(grid.height(x: -1.25, y: -1.25) + 0.2) < 1e-3)
        #expect(abs(grid.height(x: 1.5, y: -1.5)) < 1e-3)
    }

    @Test func `stones are apart by their gap, with the depth between them`() {
        var kind = TerrainKind(.steppingStones)
        (kind.length, kind.gap, kind.depth) = (0.4, 0.2, 0.7)
        let grid = grid(kind)
        // From the tile's corner at -2 m.
        #expect(abs(grid.height(x: -2 + 0.2, y: -2 + 0.2)) < 1e-6)
        #expect(abs(grid.height(x: -2 + 0.5, y: -2 + 0.2) + 0.7) < 1e-6)
        #expect(abs(grid.height(x: -2 + 0.8, y: -2 + 0.2)) < 1e-6)
        #expect(abs(grid.height(x: 0, y: 0)) < 1e-6)
    }

    @Test(arguments: [TerrainKind.Shape.rough, .steps])
    func `random heights fill their range, follow the seed and grow with the difficulty`(
        shape: TerrainKind.Shape
    ) {
        var kind = TerrainKind(shape)
        kind.height = 0.2
        let grid = grid(kind, rows: 3)
        for row in 0..<3 {
            var (low, high) = (0.0, 0.0)
            for step in 0..<1600 {
                let (i, j) = (Double(step % 40), Double(step / 40))
                let height = grid.height(x: 4 * Double(row) - 1.9 + i * 0.095, y: -1.9 + j * 0.095)
                (low, high) = (min(low, height), max(high, height))
            }
            let bound = 0.1 * Double(row) / 2
            #expect(low >= -bound - 1e-6 && high <= bound + 1e-6)
            #expect(low <= -0.8 * bound && high >= 0.8 * bound)
            #expect(abs(grid.middle(row: row, column: 0).z) < 1e-6)
        }
        #expect(self.grid(kind, rows: 3) == grid)
        #expect(self.grid(kind, rows: 3, seed: 1) != grid)
    }

    @Test func `a picture fills its tile, white high and its top towards +y`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = "P2 # a comment\n3 3\n100\n0 0 100\n0 0 0\n50 0 0\n"
        var wide = Array("P5\n3 3\n1000\n".utf8)
        for value in [0, 0, 1000, 0, 0, 0, 500, 0, 0] { wide += [UInt8(value >> 8), UInt8(value & 255)] }
        for (name, bytes) in [("text.pgm", Array(text.utf8)), ("wide.pgm", wide)] {
            try Data(bytes).write(to: folder.appendingPathComponent(name))
            let scene = try scene(
                "{kinds: [{kind: image, file: \(name), height: 0.8}], size: 4, cell: 0.1, flat: 0.5}",
                file: folder.path + "/s.yaml")
            let grid = try #require(scene.terrainGrid)
            #expect(abs(grid.height(x: 2, y: 2) - 0.8) < 1e-6)
            #expect(abs(grid.height(x: -2, y: -2) - 0.4) < 1e-6)
            #expect(abs(grid.height(x: -2, y: 2)) < 1e-6 && abs(grid.height(x: 0, y: 0)) < 1e-6)
        }
        for (bytes, problem) in [
            (Array("P6 3 3 255 ".utf8), "is no PGM picture"),
            (Array("P2 3 3 100 1 2 3".utf8), "ends after 3 of 9 grey values"),
            (Array("P5 1 3 255 123".utf8), "does not say a width and height of 2 to 8192"),
        ] {
            try Data(bytes).write(to: folder.appendingPathComponent("bad.pgm"))
            let found = errors("{kinds: [{kind: image, file: bad.pgm}]}", file: folder.path + "/s.yaml")
            #expect(found.count == 1 && found[0].contains("bad.pgm " + problem), "\(found)")
        }
    }

    // ---- In a scene

    private func yaml(_ terrain: String, base: String = "floating") -> String {
        """
        format: 1
        summary: Test.
        robot: quadruped.urdf
        base: \(base)
        physics: {time_step: 0.005, substeps: 4, solver: articulated}
        terrain: \(terrain)
        actuators:
          - {joints: [FL_hip, FR_hip, RL_hip, RR_hip], kind: position, kp: 40, kd: 1, offset: 0, scale: 0.25, armature: 0.01}
          - {joints: [FL_thigh, FR_thigh, RL_thigh, RR_thigh], kind: position, kp: 40, kd: 1, offset: 0.8, scale: 0.25, armature: 0.01}
          - {joints: [FL_calf, FR_calf, RL_calf, RR_calf], kind: position, kp: 40, kd: 1, offset: -1.6, scale: 0.25, armature: 0.01}
        start: {position: [0.1, 0, 0.29], joints: {FL_thigh: 0.75, FR_thigh: 0.75, RL_thigh: 0.78, RR_thigh: 0.78, FL_calf: -1.7, FR_calf: -1.7, RL_calf: -1.75, RR_calf: -1.75}}
        episode: {steps: 1000}
        observation:
          - {term: base_position}
          - {term: height_scan, size: [1, 0.6], resolution: 0.2}
        reward: [{term: alive, weight: 1}]
        terminate: [{term: base_position, axis: z, below: 0.15}]
        """
    }

    func scene(_ terrain: String, base: String = "floating", file: String = "s.yaml") throws -> Scene {
        try Scene(yaml: yaml(terrain, base: base), file: file, catalog: ShippedScenes.catalog)
    }

    private func errors(_ terrain: String, base: String = "floating", file: String = "s.yaml") -> [String] {
        do {
            _ = try scene(terrain, base: base, file: file)
            return []
        } catch let error as DescriptionError {
            return error.errors.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `robots start on the ground of a tile, and places count from its middle`() throws {
        let scene = try scene("{kinds: [{kind: slope, height: 1}, {kind: stairs}], tiles: [3, 2], size: 6}")
        let grid = try #require(scene.terrainGrid)
        let driver = try Driver(scene)
        var tiles: Set<String> = []
        for _ in 0..<60 {
            try driver.reset()
            let place = driver.environment.linkPoses[0].position
            let (row, column) = (((place.x - 0.1) / 6).rounded(), (place.y / 6).rounded())
            tiles.insert("\(row) \(column)")
            let ground = grid.middle(row: Int(row), column: Int(column))
            #expect(abs(place.z - ground.z - 0.29) < 1e-5)
            for (axis, value) in [0.1, 0, 0.29].enumerated() {
                #expect(abs(Double(driver.observation[axis]) - value) < 1e-5)
            }
        }
        #expect(tiles.count == 6)
        driver.environment.terrainRow = 2
        for _ in 0..<10 {
            try driver.reset()
            #expect(((driver.environment.linkPoses[0].position.x - 0.1) / 6).rounded() == 2)
        }
    }

    @Test func `a robot stands on every kind at rest, and its height counts from the ground below`() throws {
        for kind in ["rough", "waves", "stairs", "slope", "steps", "stepping_stones"] {
            let scene = try scene("{kinds: [{kind: \(kind)}], size: 6, cell: 0.05}")
            let grid = try #require(scene.terrainGrid)
            let driver = try Driver(scene)
            try driver.reset()
            for _ in 0..<150 { try driver.step(all: 0) }
            let base = driver.environment.linkPoses[0].position
            #expect(!driver.environment.isEpisodeOver, "\(kind)")
            #expect(abs(base.z - grid.height(x: base.x, y: base.y) - 0.28) < 0.02, "\(kind)")
        }
    }

    /// Dropped on the roughest ground, with every link free to touch it.
    @Test func `no link is below the terrain after a fall`() throws {
        for (kind, side) in [
            ("rough, height: 0.3", 1.5), ("stairs, height: 0.2", 1.7), ("steps, height: 0.3", 1.6),
        ] {
            var scene = try scene("{kinds: [{kind: \(kind)}], size: 6, cell: 0.05, flat: 0.2}")
            scene.termination = []
            scene.start.base.position = Vector3(side, 0.3, 0.8)
            let grid = try #require(scene.terrainGrid)
            let driver = try Driver(scene)
            var random = RandomStream(seed: 4, name: "actions")
            try driver.reset()
            for _ in 0..<200 {
                try driver.step(using: &random)
                #expect(!driver.last.isDiverged)
                for pose in driver.environment.linkPoses {
                    let place = pose.position
                    #expect(place.z > grid.height(x: place.x, y: place.y) - 0.02, "\(kind)")
                }
            }
        }
    }

    @Test func `a state on a terrain is restored bit for bit`() throws {
        let scene = try scene("{kinds: [{kind: rough}, {kind: steps}], tiles: [2, 2], size: 6}")
        let (one, other) = (try Driver(scene, seed: 5), try Driver(scene, seed: 6))
        var random = RandomStream(seed: 7, name: "actions")
        try one.reset()
        try other.reset()
        for _ in 0..<20 { try one.step(using: &random) }
        try other.environment.restoreState(one.environment.saveState())
        var again = random
        for _ in 0..<40 {
            try one.step(using: &random)
            try other.step(using: &again)
            #expect(one.observation == other.observation)
        }
        try one.reset()
        try other.reset()
        #expect(one.observation == other.observation)
        #expect(try one.environment.saveState() == other.environment.saveState())
    }

    static let refusals = [
        ("{}", "s.yaml:6: terrain.kinds: is missing"),
        ("{kinds: []}", "s.yaml:6: terrain.kinds: a list of 0 is not"),
        ("{kinds: [{kind: hills}]}", "there is no kind 'hills'"),
        ("{kinds: [{kind: rough, height: -1}]}", "s.yaml:6: terrain.kinds[0].height: -1"),
        ("{kinds: [{kind: rough}], tiles: [3]}", "s.yaml:6: terrain.tiles: a list of 1 is not"),
        ("{kinds: [{kind: rough}], flat: 4}", "s.yaml:6: terrain.flat: 4"),
        ("{kinds: [{kind: rough}], tiles: [100, 100], cell: 0.02}", "s.yaml:6: terrain.cell"),
        ("{kinds: [{kind: image, file: none.pgm}]}", "there is no file 'none.pgm' beside the scene"),
        ("{kinds: [{kind: rough}]}\nground: {friction: 1}", "the terrain is the ground already"),
    ]

    @Test(arguments: refusals)
    func `what cannot be is refused with its line`(terrain: String, message: String) {
        let found = errors(terrain)
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test func `bases that cannot get to a tile are told so`() {
        #expect(
            errors("{kinds: [{kind: rough}], tiles: [2, 2]}", base: "fixed").contains {
                $0.contains("terrain.tiles") && $0.contains("a fixed base stays where it is")
            })
    }
}
