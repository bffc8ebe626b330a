// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// What a curriculum makes of a task: episodes of 20 steps of 0.02 s, of a robot without weight that flies as it is placed.
struct CurriculumTests {
    /// Commands to go ahead at 0.5 m/s at first, which a robot earns by the share of them that it flies.
    static func scene(_ change: (inout Scene, inout Curriculum) -> Void = { _, _ in }) throws -> Scene {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.episodeSteps = 20
        scene.physics.gravity = .zero
        scene.start.base.position.z = 50
        scene.commands?.standingFraction = 0
        let low = "{term: base_position, axis: z, below: 1}"
        scene.termination = [try WalkingTermTests.read(TerminationEntry.format, low, scene)]
        let ramp = "{term: track_lin_vel_x_ramp, weight: 0.25}"
        scene.reward = [try WalkingTermTests.read(RewardEntry.format, ramp, scene)]
        var curriculum = Curriculum()
        var widening = Curriculum.Widening()
        widening.linearVelocityX = 0.5...0.5
        widening.linearVelocityY = 0...0
        widening.terms = ["track_lin_vel_x_ramp"]
        curriculum.commands = widening
        change(&scene, &curriculum)
        scene.curriculum = curriculum
        return scene
    }

    @Test func `without being followed a task is as hard as it gets`() throws {
        let scene = try Self.scene { $1.randomisation = .ramp(100, 200) }
        let driver = try Driver(scene)
        #expect(driver.environment.curriculum.map(\.value) == [1, 1])
        let (plain, commands) = try (Driver(Self.plain(scene)), driver)
        for _ in 0..<50 {
            for driver in [plain, commands] { try driver.reset() }
            #expect(commands.observation == plain.observation)
        }
        #expect(try commands.environment.saveState() != plain.environment.saveState())
    }

    @Test func `ranges widen by a step with each episode that did well, up to the whole ones`() throws {
        let driver = try Driver(try Self.scene { $1.commands?.step = 0.3 })
        driver.environment.followCurriculum(among: 1)
        #expect(driver.environment.curriculum == [.init(name: "curriculum_commands", value: 0)])
        for width in [0, 0.3, 0.6, 0.9, 1, 1] {
            #expect(abs(driver.environment.curriculum[0].value - width) < 1e-12)
            let range = (0.5 - 1.1 * width)...(0.5 + 0.5 * width)
            var drawn: [Vector3] = []
            for _ in 0..<400 {
                try driver.reset()
                drawn.append(driver.command)
            }
            let xs = drawn.map(\.x), ys = drawn.map(\.y)
            let (least, most) = (try #require(xs.min()), try #require(xs.max()))
            #expect(least > range.lowerBound - 1e-6 && most < range.upperBound + 1e-6, "\(least), \(most)")
            let length = range.upperBound - range.lowerBound
            #expect(most - least >= 0.97 * length)
            let sideways = try #require(ys.max())
            #expect(sideways <= 0.4 * width + 1e-6 && sideways >= 0.37 * width)
            // The turning rate begins with its whole range.
            #expect(drawn.contains { $0.z > 0.9 } && drawn.contains { $0.z < -0.9 })
            try driver.fly(share: 1)
        }
    }

    /// Standing earns half of the ramp.
    @Test(arguments: [
        (0.45, 0.0, true), (0.55, 0, false), (0.99, 1, true), (0.8, 0.5, false), (0.74, 0.5, true),
    ])
    func `what an episode must earn is a share of what it could`(
        above: Double, share: Double, isWider: Bool
    ) throws {
        let driver = try Driver(try Self.scene { $1.commands?.above = above })
        driver.environment.followCurriculum(among: 1)
        try driver.fly(share: share)
        #expect(driver.environment.curriculum[0].value == (isWider ? 0.1 : 0))
    }

    @Test func `an episode that ends early has earned nothing in the rest`() throws {
        for (above, isWider) in [(0.45, true), (0.55, false)] {
            let driver = try Driver(try Self.scene { $1.commands?.above = above })
            driver.environment.followCurriculum(among: 1)
            try driver.fly(share: 1, endingAfter: 10)
            #expect(driver.environment.curriculum[0].value == (isWider ? 0.1 : 0))
        }
    }

    @Test func `each of several terms must do well`() throws {
        for (deviation, isWider) in [(100.0, true), (1e-3, false)] {
            let scene = try Self.scene { scene, curriculum in
                let text = "{term: track_ang_vel_z_exp, std: \(deviation), weight: 1}"
                scene.reward += (try? [WalkingTermTests.read(RewardEntry.format, text, scene)]) ?? []
                scene.commands?.angularVelocityZ = 0.5...0.5
                curriculum.commands?.terms.append("track_ang_vel_z_exp")
            }
            let driver = try Driver(scene)
            driver.environment.followCurriculum(among: 1)
            try driver.fly(share: 1)
            #expect(driver.environment.curriculum[0].value == (isWider ? 0.1 : 0))
        }
    }

    @Test func `what is randomised grows with the steps of the run, which its environments make together`()
        throws
    {
        let scene = try Self.scene { scene, curriculum in
            curriculum.commands = nil
            curriculum.randomisation = .ramp(40, 200)
            scene.randomisation.push = .init()
            scene.randomisation.push?.every = 0.1
            scene.randomisation.push?.speed = 1
        }
        let driver = try Driver(scene)
        driver.environment.followCurriculum(among: 2)
        var (steps, greatest) = (0, 0.0)
        for _ in 0..<10 {
            try driver.reset()
            while !driver.environment.isEpisodeOver {
                let share = min(1, max(0, (2 * Double(steps) - 40) / 160))
                #expect(abs(driver.environment.curriculum[0].value - share) < 1e-12)
                let before = driver.environment.momentum().linear
                try driver.step(all: 0)
                steps += 1
                let change = (driver.environment.momentum().linear - before) / scene.robot.totalMass
                // The solver keeps momentum but for the pose that it is read at.
                #expect(abs(change.x) <= share + 0.02 && abs(change.y) <= share + 0.02, "step \(steps)")
                if share == 1 { greatest = max(greatest, abs(change.x), abs(change.y)) }
            }
        }
        #expect(greatest > 0.7)
    }

    @Test func `half of the ramp is half of every range about what holds without it`() throws {
        let scene = try Self.scene { scene, curriculum in
            curriculum.randomisation = .ramp(0, 40)
            scene.physics.gravity = Vector3(0, 0, -9.81)
            scene.start.base.position.z = 0.27855
            scene.termination = []
            scene.randomisation.baseMass = 2...2
            scene.randomisation.latency = 8...8
            scene.episodeSteps = 100
        }
        let driver = try Driver(scene)
        driver.environment.followCurriculum(among: 1)
        for added in [0.0, 2] {
            try driver.reset()
            for _ in 0..<100 { try driver.step(all: 0) }
            let links = scene.robot.links.indices
            let force = links.reduce(0.0) { $0 + driver.environment.reading.contactForce(onLink: $1).z }
            #expect(abs(force / 9.81 - scene.robot.totalMass - added) < 0.05)
        }
    }

    @Test func `and half of the latency`() throws {
        let scene = try Self.scene { scene, curriculum in
            curriculum.randomisation = .ramp(0, 40)
            scene.randomisation.latency = 8...8
        }
        let (driver, still) = try (Driver(scene), Driver(scene))
        for driver in [driver, still] { driver.environment.followCurriculum(among: 1) }
        // Of 8 physics steps, 4 of which are a control step, after 0, 20 and 40 steps of 40.
        for late in [0, 1, 2] {
            for driver in [driver, still] { try driver.reset() }
            for step in 0..<20 {
                try driver.step(all: 0.5)
                try still.step(all: 0)
                let velocities = [driver, still].map { $0.environment.reading.jointVelocities }
                #expect((velocities[0] != velocities[1]) == (step >= late), "\(late), step \(step)")
            }
        }
    }

    @Test func `the level of the terrain follows how far the robot came along its command`() throws {
        for command in [Vector3(0.5, 0, 0), Vector3(-0.5, 0, 0), Vector3(0.3, -0.4, 0)] {
            let driver = try Driver(Self.levelled(command))
            #expect(driver.environment.terrainLevel == nil)
            driver.environment.followCurriculum(among: 1)
            var level = 0
            // Up, up, no change, down, up, no change for one that ended half way, down where it goes back, and not below 0.
            for (share, steps, change) in [
                (1.0, 20, 1), (0.85, 20, 1), (0.6, 20, 0), (0.3, 20, -1), (1, 20, 1), (1, 10, 0),
                (-1, 20, -1),
                (0, 20, -1), (0, 20, 0),
            ] {
                #expect(driver.environment.terrainLevel == Double(level) / 3)
                try driver.fly(share: share, endingAfter: steps)
                level += change
                #expect(driver.environment.curriculum == [.init(name: "terrain_level", value: Double(level))])
            }
        }
    }

    @Test func `from the last level it goes anywhere, and who is told to stand stays`() throws {
        let driver = try Driver(Self.levelled(Vector3(0.5, 0, 0)))
        driver.environment.followCurriculum(among: 1)
        for _ in 0..<3 { try driver.fly(share: 1) }
        var after: Set<Double> = []
        for _ in 0..<60 {
            let before = driver.environment.curriculum[0].value
            try driver.fly(share: 1)
            let now = driver.environment.curriculum[0].value
            if before == 3 { after.insert(now) } else { #expect(now == before + 1) }
        }
        #expect(after == [0, 1, 2, 3])
        let standing = try Driver(Self.levelled(.zero))
        standing.environment.followCurriculum(among: 1)
        try standing.fly(share: 1)
        #expect(standing.environment.terrainLevel == 0)
    }

    private static func levelled(_ command: Vector3) throws -> Scene {
        try scene { scene, curriculum in
            curriculum.commands = nil
            curriculum.terrain = .init()
            curriculum.terrain?.count = 4
            scene.commands?.linearVelocityX = command.x...command.x
            scene.commands?.linearVelocityY = command.y...command.y
        }
    }

    private static func plain(_ scene: Scene) -> Scene {
        var plain = scene
        plain.curriculum = nil
        return plain
    }
}

extension Curriculum.Ramp {
    static func ramp(_ from: Int, _ to: Int) -> Self {
        var ramp = Self()
        (ramp.from, ramp.to) = (from, to)
        return ramp
    }
}

extension Driver {
    /// An episode in which the robot flies at a share of the commanded velocity, and falls after some steps.
    func fly(share: Double, endingAfter steps: Int = 20) throws {
        try reset()
        let command = command
        for step in 1...steps {
            // Its motors move it, too: it is put straight before each step.
            try environment.place(
                base: BaseState(
                    position: step == steps && steps < 20 ? Vector3(0, 0, 0.1) : Vector3(0, 0, 50),
                    orientation: .identity, linearVelocity: share * Vector3(command.x, command.y, 0),
                    angularVelocity: .zero),
                positions: scene.actuatedRest, velocities: scene.actuatedRest.map { _ in 0 })
            try self.step(all: 0)
        }
        #expect(environment.isEpisodeOver)
    }
}

extension Scene {
    /// The positions that the servos hold without load.
    fileprivate var actuatedRest: [Double] {
        var positions = start.joints
        for actuator in actuators { positions[actuator.joint] = actuator.offset }
        return positions
    }
}
