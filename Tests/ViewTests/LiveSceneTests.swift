// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Policies
import Robots
import Scenes
import Tasks
import Testing
import View

/// What those who look see: the simulation of the scene itself, posed, let go, pushed, commanded, ended and begun anew.
struct LiveSceneTests {
    /// A scene that is shown, and somebody who looks.
    final class Show {
        let live: LiveScene
        let server: ViewServer
        let task: LoadedScene
        let caller: Caller
        let hello: [String: Any]

        init(_ name: String, feed: (any PolicyFeed)? = nil, overrides: [String] = []) throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path
            task = try LoadedScene(named: "\(folder)/Scenes/\(name).yaml", overrides: overrides)
            live = try LiveScene(Exhibit(task, look: task.shown(), label: "", feed: feed, seed: 3))
            server = try ViewServer(host: "127.0.0.1", port: 0, page: LiveScene.page, attraction: live)
            live.start()
            server.start()
            caller = try Caller(server.address)
            _ = try caller.upgrade()
            hello = try caller.text("scene")
        }

        deinit {
            server.end()
            live.end()
        }

        var links: Int { task.scene.robot.links.count }
        /// Where a link is in a moment.
        func place(_ link: Int, _ moment: [Float]) -> [Float] {
            Array(moment[(3 + 7 * link)..<(6 + 7 * link)])
        }
        /// How a link is turned in a moment: w, x, y, z.
        func turn(_ link: Int, _ moment: [Float]) -> [Float] {
            Array(moment[(6 + 7 * link)..<(10 + 7 * link)])
        }
        /// Where a joint is.
        func joint(_ index: Int, _ moment: [Float]) -> Float {
            moment[3 + 7 * links + (task.scene.target == nil ? 0 : 7) + index]
        }
        func state(where isWanted: ([String: Any]) -> Bool = { _ in true }) throws -> [String: Any] {
            try caller.text("state", where: isWanted)
        }
    }

    /// Always the same action.
    private func constant(_ action: Float, in show: (observations: Int, actions: Int)) throws -> PolicyNetwork
    {
        let layer = DenseLayer(
            weight: [Float](repeating: 0, count: show.observations * show.actions),
            bias: [Float](repeating: atanh(action), count: show.actions))
        return try PolicyNetwork(layers: [layer], actionCount: show.actions)
    }

    @Test func `a slider moves its joint and what hangs on it, within its stops`() throws {
        let show = try Show("hopper")
        #expect(show.hello["scene"] as? String == "hopper" && show.hello["hasPolicy"] as? Bool == false)
        let robot = show.task.scene.robot
        let knee = try #require(robot.joint(named: "leg"))
        _ = try show.caller.moment()
        show.caller.say("joint \(knee) -1")
        let bent = try show.caller.moment { abs(show.joint(knee, $0) + 1) < 1e-5 }
        var positions = show.task.scene.start.joints
        positions[knee] = -1
        let expected = robot.linkPoses(base: show.task.scene.start.base, positions: positions)
        for (link, pose) in expected.enumerated() {
            for (seen, true_) in zip(show.place(link, bent), pose.position.components) {
                #expect(abs(Double(seen) - true_) < 1e-4)
            }
            // Of two rotations that are one, the product of their numbers is 1 or -1.
            let turn = pose.orientation
            let product = zip(show.turn(link, bent), [turn.w, turn.x, turn.y, turn.z]).reduce(0) {
                $0 + Double($1.0) * $1.1
            }
            #expect(abs(abs(product) - 1) < 1e-4)
        }
        show.caller.say("joint \(knee) 9")
        let upper = Float(try #require(robot.joints[knee].upper))
        _ = try show.caller.moment { abs(show.joint(knee, $0) - upper) < 1e-5 }
        show.caller.say("height 3")
        let high = try show.caller.moment { abs($0[5] - 3) < 1e-5 }
        #expect(high[0] == 0)
    }

    @Test func `let go it falls, in the time of the world, and a pause holds it`() throws {
        let show = try Show("hopper")
        show.caller.say("height 3")
        show.caller.say("move")
        let start = Date()
        let moment = try show.caller.moment { $0[0] >= 0.5 }
        let passed = Date().timeIntervalSince(start)
        #expect(passed > 0.35)
        // Half a second of free fall.
        #expect(abs(moment[5] - (3 - 0.5 * 9.81 * moment[0] * moment[0])) < 0.05)
        show.caller.say("pause")
        _ = try show.state { $0["paused"] as? Bool == true }
        show.caller.say("reset")
        _ = try show.caller.moment { $0[0] == 0 }
        show.caller.say("step")
        let one = try show.caller.moment { $0[0] > 0 }
        #expect(abs(Double(one[0]) - show.task.scene.physics.controlPeriod) < 1e-6)
        show.caller.say("hold")
        _ = try show.caller.moment { $0[0] == 0 }
    }

    @Test func `actions that are held drive the motors`() throws {
        let show = try Show("pendulum")
        show.caller.say("action 0 1")
        let state = try show.state { ($0["held"] as? [Double]) == [1] }
        #expect(state["endless"] as? Bool == true)
        show.caller.say("move")
        let moment = try show.caller.moment { $0[0] > 0.2 }
        let count = show.links * 7 + 3 + (show.task.scene.target == nil ? 0 : 7)
        #expect(moment[count + 1] == 1)
    }

    @Test func `a policy's episode is that of its seed, and a reset begins it anew`() throws {
        let probe = try Show("pendulum")
        let sizes = (
            observations: try probe.task.makeEnvironment(RandomStream(seed: 0, .evaluation)).observationSpace
                .count,
            actions: 1
        )
        let network = try constant(0.5, in: sizes)
        let show = try Show("pendulum", feed: SinglePolicy(network, label: "half"))
        #expect(show.hello["hasPolicy"] as? Bool == true)
        let state = try show.state()
        #expect(state["policy"] as? String == "half" && state["seed"] as? String == "3")
        show.caller.say("pause")
        show.caller.say("reset 11")
        _ = try show.state { $0["seed"] as? String == "11" }
        for _ in 0..<5 { show.caller.say("step") }
        let fifth = try show.caller.moment {
            abs(Double($0[0]) - 5 * show.task.scene.physics.controlPeriod) < 1e-4
        }

        let environment = try show.task.makeEnvironment(RandomStream(seed: 11, .evaluation))
        var (roll, policy, sum) = (RollOut(environment), try NetworkPolicy(network), 0.0)
        try roll.reset()
        for _ in 0..<5 {
            sum += try roll.step { try policy.act($0, into: &$1) }.reward
            roll.advance()
        }
        #expect(show.joint(0, fifth) == Float(environment.frame(reward: 0).jointPositions[0]))
        #expect(abs(Double(fifth[1]) - sum) < 1e-4)
        _ = policy
    }

    @Test func `a pull and a blow move the robot`() throws {
        let show = try Show("quadruped")
        show.caller.say("move")
        let before = try show.caller.moment { $0[0] > 0.1 }
        show.caller.say("pull 0 0 0 0 \(before[3] + 1) \(before[4]) \(before[5] + 0.3)")
        let pulled = try show.caller.moment { $0[3] > before[3] + 0.3 }
        #expect(pulled[0] > before[0])
        show.caller.say("release")
        show.caller.say("kick 0 3")
        _ = try show.caller.moment { $0[4] > pulled[4] + 0.3 }
    }

    @Test func `a blow changes the speed by what is asked, however long a step is`() throws {
        let show = try Show("quadruped", overrides: ["physics.substeps=50"])
        show.caller.say("height 20")
        show.caller.say("move")
        _ = try show.caller.moment { $0[0] > 0 }
        show.caller.say("kick 0 2")
        // In the air; the legs lag behind a little.
        let first = try show.caller.moment { $0[0] > 0.9 }
        let second = try show.caller.moment { $0[0] > first[0] }
        let speed = (second[4] - first[4]) / (second[0] - first[0])
        #expect(abs(speed - 2) < 0.6, "\(speed) m/s")
    }

    @Test func `who goes away while they pull lets go`() throws {
        let show = try Show("quadruped")
        show.caller.say("move")
        let before = try show.caller.moment { $0[0] > 0.1 }
        func lift() throws {
            let other = try Caller(show.server.address)
            _ = try other.upgrade()
            other.say("pull 0 0 0 0 \(before[3]) \(before[4]) \(before[5] + 0.8)")
            _ = try other.moment { $0[5] > before[5] + 0.3 }
        }
        try lift()
        _ = try show.caller.moment { $0[5] > before[5] + 0.3 }
        // It falls, and stays below: a pull swings, and would lift it again.
        let landed = try show.caller.moment { $0[5] < before[5] + 0.1 }
        _ = try show.caller.moment {
            #expect($0[5] < before[5] + 0.5)
            return $0[0] > landed[0] + 1.5
        }
    }

    @Test func `a command is followed until the scene has its own again`() throws {
        let show = try Show("quadruped")
        let commands = try #require(show.hello["commands"] as? [[Double]])
        #expect(commands.count == 3)
        show.caller.say("move")
        show.caller.say("command 0.31 0 0.1")
        _ = try show.state { $0["told"] as? Bool == true }
        func command(_ moment: [Float]) -> ArraySlice<Float> {
            let joints = show.task.scene.robot.joints.count
            let start =
                3 + 7 * show.links + joints + show.task.scene.actuators.count + show.task.scene.reward.count
                + 3
            return moment[start..<start + 3]
        }
        let told = try show.caller.moment { abs(command($0).first! - 0.31) < 1e-5 }
        #expect(command(told).last == 0)
        show.caller.say("command 99 0 0")
        _ = try show.caller.moment { abs(Double(command($0).first!) - commands[0][1]) < 1e-5 }
        show.caller.say("command free")
        _ = try show.state { $0["told"] as? Bool == false }
    }

    @Test func `what diverges is told, and a reset goes on`() throws {
        // A pull so far beside the link that no step of this length bears its torque.
        let show = try Show("pendulum")
        show.caller.say("pause")
        show.caller.say("move")
        for _ in 0..<30 { show.caller.say("pull 1 1e6 1e6 1e6 1e6 -1e6 1e6\u{20}") }
        for _ in 0..<200 { show.caller.say("step") }
        let state = try show.state { ($0["problem"] as? String) != "" }
        #expect(state["end"] as? String == "diverged")
        show.caller.say("release")
        show.caller.say("reset")
        _ = try show.state { ($0["problem"] as? String) == "" && $0["end"] as? String == "open" }
    }

    @Test func `whatever is said, nothing ends`() throws {
        let show = try Show("hopper")
        var random = RandomStream(seed: 5, .exploration)
        let words = [
            "hold", "move", "joint", "height", "action", "pause", "play", "step", "speed", "reset", "endless",
            "pull", "release", "kick", "command", "free", "nonsense", "",
        ]
        let numbers = [
            "0", "-1", "1e6", "-1e6", "1e300", "nan", "inf", "99999999999999999999", "0.5", "3", "2.5",
            "\u{0}", "1_0",
        ]
        for _ in 0..<3000 {
            let count = random.index(below: 9)
            let line =
                [words[random.index(below: words.count)]]
                + (0..<count).map { _ in numbers[random.index(below: numbers.count)] }
            show.caller.say(line.joined(separator: " "))
        }
        // What is said while too much waits is not heard.
        for _ in 0..<100 {
            for wish in ["hold", "height 1.5", "play"] { show.caller.say(wish) }
            usleep(10_000)
        }
        _ = try show.caller.moment { $0[0] == 0 && $0[5] == 1.5 }
    }

    @Test func `several look at one simulation`() throws {
        let show = try Show("hopper")
        let other = try Caller(show.server.address)
        _ = try other.upgrade()
        _ = try other.text("scene")
        show.caller.say("height 2")
        let moment = try other.moment { $0[5] == 2 }
        #expect(moment[0] == 0)
        #expect(show.live.isSeen)
    }
}
