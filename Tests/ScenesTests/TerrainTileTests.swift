// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// Terrains of several tiles: what each is, and what an episode on one of them counts from.
extension TerrainTests {
    @Test
    func `columns are of their kinds, tiles have heights of their own, and each is level in its middle`() {
        var terrain = Terrain()
        terrain.kinds = [TerrainKind(.rough), TerrainKind(.waves)]
        (terrain.rows, terrain.columns, terrain.size, terrain.flat) = (3, 3, 6, 1)
        let grid = TerrainGrid(terrain)
        func heights(_ row: Int, _ column: Int, within reach: Double) -> [Double] {
            (0..<441).map { number in
                let (i, j) = (Double(number % 21) / 10 - 1, Double(number / 21) / 10 - 1)
                return grid.height(x: 6 * Double(row) + reach * i, y: 6 * Double(column) + reach * j)
            }
        }
        for row in 0..<3 {
            for column in 0..<3 { #expect(heights(row, column, within: 0.99).allSatisfy { abs($0) < 1e-6 }) }
        }
        // Waves are the same in each tile at the same difficulty, what is random is not.
        for (one, other) in zip(heights(1, 1, within: 2.8), heights(2, 1, within: 2.8)) {
            #expect(abs(2 * one - other) < 1e-6)
        }
        let rough = [
            heights(1, 0, within: 2.8).map { 2 * $0 }, heights(2, 0, within: 2.8), heights(2, 2, within: 2.8),
        ]
        for (one, other) in [(0, 1), (1, 2), (0, 2)] {
            let apart = zip(rough[one], rough[other]).map { abs($0 - $1) }.max() ?? 0
            #expect(apart > 0.05)
        }
    }

    @Test func `a border between two tiles is the later one's, and one row alone has difficulty 1`() {
        var kind = TerrainKind(.steppingStones)
        (kind.height, kind.length, kind.gap, kind.depth) = (0, 0.4, 0.2, 0.7)
        let two = grid(kind, rows: 2)
        #expect(abs(two.height(x: 2, y: -2 + 0.5) + 0.7) < 1e-6)
        // In the level middle there are none.
        #expect(abs(two.height(x: 4.3, y: 0)) < 1e-6)
        // Stones of difficulty 0 have no gaps, those of difficulty 1 all of theirs, and depths are the same.
        #expect(abs(two.height(x: -2 + 0.5, y: -2 + 0.2)) < 1e-6)
        #expect(abs(two.height(x: 2 + 0.5, y: -2 + 0.2) + 0.7) < 1e-6)
        var slope = TerrainKind(.slope)
        slope.height = 1
        let rows = grid(slope, rows: 3)
        for (row, height) in [0, 0.5, 1].enumerated() {
            #expect(abs(rows.middle(row: row, column: 0).z - height) < 1e-6)
        }
    }

    @Test func `a start beside the level middle is on the ground there, and so are feet that swing`() throws {
        var scene = try scene("{kinds: [{kind: slope, height: 1}], tiles: [2, 1], size: 6}")
        scene.start.base.position = Vector3(2, 0.4, 0.5)
        let grid = try #require(scene.terrainGrid)
        let driver = try Driver(scene)
        driver.environment.terrainRow = 1
        try driver.reset()
        let place = driver.environment.linkPoses[0].position
        #expect((place - Vector3(8, 0.4, 0.5 + 0.5)).length < 1e-5, "\(place)")
        let text = "{term: foot_clearance, links: [FL_foot], height: 0.3, weight: 1}"
        let term = try WalkingTermTests.read(RewardEntry.format, text, scene)
        let position = Vector3(8, 0.4, 1.4)
        try driver.environment.place(
            base: BaseState(
                position: position, orientation: .identity, linearVelocity: Vector3(0.3, 0.4, 0),
                angularVelocity: .zero),
            positions: scene.start.joints, velocities: scene.start.joints.map { _ in 0 })
        let foot = try #require(scene.robot.frame(named: "FL_foot"))
        let pose = driver.environment.linkPoses[foot.link] * foot.pose
        let height = pose.position.z - grid.height(x: pose.position.x, y: pose.position.y)
        #expect(abs(try driver.value(of: term) - 0.5 * abs(height - 0.3)) < 1e-9)
        #expect(pose.position.z - height > 0.3)
    }

    @Test func `the level of a curriculum is a row, and targets are by the tile`() throws {
        var scene = try scene("{kinds: [{kind: slope, height: 1}], tiles: [7, 1], size: 6}")
        scene.commands = CommandSettings()
        scene.commands?.linearVelocityX = 1...1
        scene.target = .point(Vector3(0.5, 0.25, 0.1))
        scene.episodeSteps = 2
        var curriculum = Curriculum()
        curriculum.terrain = .init()
        curriculum.terrain?.count = 4
        scene.curriculum = curriculum
        let driver = try Driver(scene)
        driver.environment.followCurriculum(among: 1)
        for level in 0..<4 {
            try driver.reset()
            let place = driver.environment.linkPoses[0].position
            #expect(((place.x - 0.1) / 6).rounded() == Double(2 * level))
            let target = try #require(driver.environment.frame(reward: 0).target).position
            #expect((target - Vector3(12 * Double(level) + 0.5, 0.25, Double(level) / 3 + 0.1)).length < 1e-5)
            for _ in 0..<2 {
                try driver.environment.place(
                    base: BaseState(
                        position: place + Vector3(0, 0, 1), orientation: .identity,
                        linearVelocity: Vector3(1, 0, 0), angularVelocity: .zero),
                    positions: scene.start.joints, velocities: scene.start.joints.map { _ in 0 })
                try driver.step(all: 0)
            }
        }
    }

    @Test func `a slope holds by its friction`() throws {
        for (friction, holds) in [(1.0, true), (0.05, false)] {
            var scene = try scene(
                "{kinds: [{kind: slope, height: 0.8}], size: 10, flat: 0.5, friction: \(friction)}")
            scene.start.base.position = Vector3(2.5, 0, 0.32)
            scene.termination = []
            // A pair has the greater of two.
            for link in scene.robot.links.indices {
                for shape in scene.robot.links[link].shapes.indices {
                    scene.robot.links[link].shapes[shape].friction = 0
                }
            }
            let driver = try Driver(scene)
            try driver.reset()
            for _ in 0..<100 { try driver.step(all: 0) }
            let way = driver.environment.linkPoses[0].position.x - 2.5
            #expect(holds ? abs(way) < 0.1 : way > 0.3, "\(friction): \(way)")
        }
    }
}
