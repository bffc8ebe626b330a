// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

struct EpisodeEndTests {
    @Test(arguments: ShippedScenes.names)
    func `an episode is truncated at its length exactly`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        scene.termination = []
        let driver = try Driver(scene)
        for _ in 0..<2 {
            try driver.reset()
            for step in 1...scene.episodeSteps {
                try driver.step(all: step % 7 < 3 ? 0.1 : -0.1)
                #expect(driver.last.isTruncated == (step == scene.episodeSteps), "step \(step)")
                #expect(!driver.last.isTerminated && !driver.last.isDiverged)
                #expect(driver.environment.isEpisodeOver == driver.last.isLast)
            }
        }
    }

    @Test(arguments: ShippedScenes.names, [1, 2])
    func `short episodes end in time, and a restored one at the same step`(name: String, steps: Int) throws {
        var scene = try ShippedScenes.load(name)
        scene.termination = []
        scene.episodeSteps = steps
        let driver = try Driver(scene)
        try driver.reset()
        if steps == 2 {
            try driver.step(all: 0)
            #expect(!driver.last.isLast)
            try driver.environment.restoreState(driver.environment.saveState())
        }
        try driver.step(all: 0)
        #expect(driver.last.isTruncated)
    }

    @Test(arguments: ShippedScenes.names)
    func `a random episode terminates where the scene's terms say`(name: String) throws {
        let driver = try Driver(name)
        try driver.explore(episodes: 10, steps: 500) {
            guard driver.environment.episodeStep > 0 else { return }
            let isOutside = driver.scene.termination.contains {
                $0.contains(driver.environment.values(of: $0)) == false
            }
            #expect(driver.last.isTerminated == isOutside)
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `each bound of a termination holds to a billionth`(name: String) throws {
        let scene = try ShippedScenes.load(name)
        // A contact begins at once with much force: its bound has a test of its own.
        for term in scene.termination where term.name != "illegal_contact" {
            for bound in [term.low, term.high] where bound.isFinite {
                let path = try #require(Path(to: bound, of: term, in: scene), "\(term.name)")
                var single = scene.withoutChance
                single.termination = [term]
                single.ground = nil
                if term.name == "state" { single.physics.timeStep = 1e-6 }
                let driver = try Driver(single)
                let crossings = try path.crossings(driver)
                #expect(!crossings.isEmpty, "\(term.name) never ends an episode near \(bound)")
                for (inside, outside) in crossings {
                    try path.step(driver, to: outside)
                    let beyond = try #require(driver.environment.value(of: term, near: bound))
                    #expect(driver.last.isTerminated && !driver.last.isTruncated)
                    #expect(driver.environment.isEpisodeOver)
                    try path.step(driver, to: inside)
                    let within = try #require(driver.environment.value(of: term, near: bound))
                    #expect(!driver.last.isLast)
                    #expect(abs(within - bound) < 1e-9 && abs(beyond - bound) < 1e-9, "\(term.name)")
                    // What is measured here rounds otherwise than the term.
                    #expect(term.contains([within]) == true || abs(within - bound) < 1e-14)
                    #expect(term.contains([beyond]) == false || abs(beyond - bound) < 1e-14)
                }
            }
        }
    }

    @Test func `a contact ends an episode where its force is beyond the bound, not at it`() throws {
        var scene = try ShippedScenes.load("everything")
        var term = try #require(scene.termination.first { $0.name == "illegal_contact" })
        scene = scene.withoutChance
        // On its back, from a little above the ground.
        scene.start.base.position.z = 0.12
        scene.start.base.orientation = Quaternion(angle: .pi, about: .init(1, 0, 0))
        func fall(above bound: Double) throws -> (steps: Int, forces: [Double]) {
            term.above = bound
            scene.termination = [term]
            let driver = try Driver(scene)
            try driver.reset()
            var forces: [Double] = []
            while !driver.last.isLast, forces.count < 50 {
                try driver.step(all: 0)
                forces += driver.environment.values(of: term)
            }
            return (driver.last.isTerminated ? forces.count : 0, forces)
        }
        let free = try fall(above: .infinity)
        let landing = try #require(free.forces.firstIndex { $0 > 1 })
        #expect(free.steps == 0)
        #expect(try fall(above: 1).steps == landing + 1)
        #expect(try fall(above: free.forces[landing].nextDown).steps == landing + 1)
        #expect(try fall(above: free.forces[landing]).steps != landing + 1)
    }

    @Test func `a task that fails in the last step is terminated`() throws {
        var scene = try ShippedScenes.load("inverted-pendulum").withoutChance
        scene.termination = try ShippedScenes.load("inverted-pendulum").termination
        scene.episodeSteps = 1
        let driver = try Driver(scene)
        try driver.reset()
        try driver.environment.place(positions: [0, 0.3], velocities: [0, 0])
        try driver.step(all: 0)
        #expect(driver.last.isTerminated && driver.last.reward == 0)
    }

    @Test func `a world that diverges ends the episode and leaves finite numbers`() throws {
        var scene = try ShippedScenes.load("hopper").withoutChance
        for index in scene.actuators.indices {
            (scene.actuators[index].drive, scene.actuators[index].scale) = (.torque, 1e9)
        }
        for index in scene.joints.indices {
            scene.joints[index].effortLimit = nil
            scene.joints[index].velocityLimit = nil
        }
        let driver = try Driver(scene)
        try driver.reset()
        var previous = driver.observation
        for _ in 0..<1000 where !driver.last.isLast {
            previous = driver.observation
            try driver.step(all: 1)
        }
        #expect(driver.last.isDiverged && !driver.last.isTerminated && driver.last.reward == 0)
        #expect(driver.observation == previous)
        try driver.reset()
        try driver.step(all: 0)
        #expect(!driver.last.isLast && driver.observation.allSatisfy(\.isFinite))
    }
}

/// A way through a robot's states along one number, on which a termination's quantity passes its bound.
private struct Path {
    var range: ClosedRange<Double>
    var place: (Driver, Double) throws -> Void

    /// Nil for quantities that no single number of the state decides.
    init?(to bound: Double, of entry: TerminationEntry, in scene: Scene) {
        range = bound - 0.31...bound + 0.3
        func base(_ position: Vector3, _ orientation: Quaternion, _ driver: Driver) throws {
            try driver.environment.place(
                base: BaseState(position: position, orientation: orientation),
                positions: scene.start.joints, velocities: scene.start.joints.map { _ in 0 })
        }
        func joint(_ index: Int, _ value: Double, _ driver: Driver) throws {
            var positions = scene.start.joints
            positions[index] = value
            try driver.environment.place(positions: positions, velocities: positions.map { _ in 0 })
        }
        let start = scene.start.base.position
        let written = Setting(encoding: entry.term)
        switch entry.name {
        case "base_position" where written["axis"]?.text == "z":
            place = { try base(Vector3(start.x, start.y, $1), .identity, $0) }
        case "base_pitch":
            place = { try base(start, .init(w: cos($1 / 2), x: 0, y: sin($1 / 2), z: 0), $0) }
        case "bad_orientation":
            let slant = 0.5.squareRoot()
            place = {
                try base(
                    start, .init(w: cos($1 / 2), x: slant * sin($1 / 2), y: slant * sin($1 / 2), z: 0), $0)
            }
        case "joint_position":
            guard let index = written["joint"]?.text.flatMap(scene.robot.joint(named:)) else { return nil }
            place = { try joint(index, $1, $0) }
        case "state":
            // A joint in the middle of its range, at the speed; steps are so short that it keeps it.
            place = { driver, value in
                let joints = scene.robot.joints
                let positions = joints.map { (($0.lower ?? 0) + ($0.upper ?? 0)) / 2 }
                try driver.environment.place(
                    base: BaseState(position: start), positions: positions,
                    velocities: joints.indices.map { $0 == 0 ? value : 0 })
            }
        case "target_distance":
            guard let object = scene.objectIndex(written["link"]) else { return nil }
            place = { driver, value in
                let target = try #require(driver.environment.frame(reward: 0).target).position
                try driver.environment.world.place(
                    object: object, at: BaseState(position: target + Vector3(value, 0, 0)))
            }
        case "link_position":
            guard let hinge = scene.robot.joints.firstIndex(where: { $0.kind == .hinge }) else { return nil }
            range = -3.1...3.1
            place = { try joint(hinge, $1, $0) }
        default: return nil
        }
    }

    /// Does one step without action from the state at `value`.
    func step(_ driver: Driver, to value: Double) throws {
        try driver.reset()
        try place(driver, value)
        try driver.step(all: 0)
    }

    /// The pairs of neighbours on the path of which one ends the episode.
    func crossings(_ driver: Driver) throws -> [(inside: Double, outside: Double)] {
        func isEnd(_ value: Double) throws -> Bool {
            try step(driver, to: value)
            return driver.last.isTerminated
        }
        let grid = (0...40).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 40 }
        let ends = try grid.map(isEnd)
        return try (1..<grid.count).filter { ends[$0 - 1] != ends[$0] }.map { index in
            var (inside, outside) = (grid[index - 1], grid[index])
            if ends[index - 1] { swap(&inside, &outside) }
            for _ in 0..<45 {
                let middle = (inside + outside) / 2
                if try isEnd(middle) { outside = middle } else { inside = middle }
            }
            return (inside, outside)
        }
    }
}

extension TerminationEntry {
    /// Whether the values are within the bounds; nil without values.
    fileprivate func contains(_ values: [Double]) -> Bool? {
        values.isEmpty ? nil : values.allSatisfy { $0 >= low && $0 <= high }
    }
}

extension Scene {
    /// Which object a term names.
    fileprivate func objectIndex(_ written: Setting?) -> Int? {
        objects.firstIndex { $0.name == written?.text }
    }
}

extension SimulatedEnvironment {
    /// The number of a termination term that is nearest to a bound.
    fileprivate func value(of entry: TerminationEntry, near bound: Double) -> Double? {
        values(of: entry).min { abs($0 - bound) < abs($1 - bound) }
    }

    /// The numbers of a termination term, from the reading and the kinematics of the robot's description.
    fileprivate func values(of entry: TerminationEntry) -> [Double] {
        let written = Setting(encoding: entry.term)
        let axis = written["axis"]?.text.flatMap(Axis.init) ?? .x
        let joint = written["joint"]?.text.flatMap(scene.robot.joint(named:)) ?? 0
        let isFixed = scene.base == .fixed
        let position = isFixed ? scene.start.base.position : reading.position(ofLink: 0)
        let orientation = isFixed ? scene.start.base.orientation : reading.orientation(ofLink: 0)
        let poses = scene.robot.linkPoses(
            base: Pose(position: position, orientation: orientation), positions: reading.jointPositions)
        let up = orientation.rotate(.init(0, 0, 1))
        switch entry.name {
        case "base_position": return [position[axis]]
        case "base_pitch": return [atan2(up.x, up.z)]
        case "bad_orientation": return [atan2(hypot(up.x, up.y), up.z)]
        case "joint_position": return [reading.jointPositions[joint]]
        case "joint_velocity": return [reading.jointVelocities[joint]]
        case "link_position":
            guard let frame = written["link"]?.text.flatMap(scene.robot.frame(named:)) else { return [] }
            let described = poses[frame.link] * frame.pose
            let shift = isFixed ? 1 : 0
            let link = reading.position(ofLink: frame.link - shift)
            let turn = reading.orientation(ofLink: frame.link - shift)
            let actual = link + turn.rotate(frame.pose.position)
            // Bodies are where their joints hold them, but for what the solver has not yet corrected.
            #expect((actual - described.position).length < 5e-3)
            return [actual[axis]]
        case "target_distance":
            guard let object = scene.objectIndex(written["link"]),
                let target = self.frame(reward: 0).target
            else { return [] }
            return [(linkPoses[scene.robot.links.count + object].position - target.position).length]
        case "illegal_contact":
            // Only links that nothing was merged into: the world knows the sum of what was.
            return scene.frames(written["links"]).map { frame in
                reading.contactForce(onLink: frame.link - (isFixed ? 1 : 0)).length
            }
        case "state":
            var values = reading.jointPositions + reading.jointVelocities
            guard !isFixed else { return values }
            let (velocity, rate) = (reading.linearVelocity(ofLink: 0), reading.angularVelocity(ofLink: 0))
            values += [velocity.x, velocity.y, velocity.z, rate.x, rate.y, rate.z]
            if scene.base == .planar { values.append(atan2(up.x, up.z)) }
            return values
        default: return []
        }
    }
}
