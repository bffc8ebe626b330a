// SPDX-License-Identifier: MIT

import Agents
import Environments
import Files
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Tasks

/// Reports everything that is wrong with a robot or a scene, and tries it: is it built, how does it start, do ten seconds of
/// no action and of random actions stay within what physics allows.
struct FileCheck {
    let file: String
    let meshes: MeshFinder
    /// The robot's seconds of each trial.
    private static let seconds = 10.0
    /// The seconds of the clock that each may take.
    private static let patience = 10.0

    func run() throws {
        var report = Report(file: file)
        let path = try SceneCatalog.standard.file(of: file)
        // Once: what comes through a pipe comes once.
        let bytes = try FileText.read(path)
        if isRobot(bytes) {
            try checkRobot(bytes, &report)
        } else {
            try checkScene(path, bytes, &report)
        }
        try report.conclude()
    }

    /// By the name, and where it tells nothing, such as `/dev/stdin`, by what is in it.
    private func isRobot(_ bytes: [UInt8]) -> Bool {
        let ending = file.pathEnding.lowercased()
        return ForeignFile.endings.contains(ending)
            || !["yaml", "yml"].contains(ending) && ForeignFile.isMeantAsRobot(bytes)
    }

    // MARK: A robot

    /// A robot is tried in the scene that `--new` would write for it.
    private func checkRobot(_ bytes: [UInt8], _ report: inout Report) throws {
        let robot: Robot
        do {
            robot = try Robot(urdf: bytes, file: file, meshes)
        } catch {
            return report.add(error.diagnostics)
        }
        report.add(robot.notes)
        report.say(
            "robot '\(robot.name)': \(RobotTree.count(of: robot)), "
                + robot.totalMass.short + " kg")
        guard !robot.joints.isEmpty else {
            return report.say("no joint moves, so there is nothing to train")
        }
        let template = SceneTemplate(robot, robotFile: file.pathName)
        report.say("taken for \(template.finding)")
        if let refusal = template.refusal {
            return report.add([
                Diagnostic(.error, file: file, message: "--new would write no scene: \(refusal)")
            ])
        }
        report.say("simulated in the scene that --new would write: base \(template.base.rawValue)")
        do {
            var scene = try Scene(
                yaml: Array(template.text.utf8), file: file.withoutEnding + ".yaml",
                SceneOptions(catalog: SceneCatalog(folders: []), robot: robot))
            scene.file = file
            // The lines of a scene that is nowhere help nobody.
            let own = scene.notes.filter { !robot.notes.contains($0) }
            report.add(own.map { Diagnostic($0.severity, file: file, path: $0.path, message: $0.message) })
            attempt(scene, &report)
        } catch {
            report.add(
                error.diagnostics.map {
                    Diagnostic($0.severity, file: file, path: "new scene: \($0.path)", message: $0.message)
                })
        }
    }

    // MARK: A scene

    private func checkScene(_ path: String, _ bytes: [UInt8], _ report: inout Report) throws {
        do {
            let task = try LoadedScene(yaml: bytes, file: path, meshes: meshes)
            report.add(task.scene.notes)
            report.add(trainingFaults(path, bytes))
            if !report.hasErrors { report.add(try task.findingsOfBlocks()) }
            guard !report.hasErrors else { return }
            let scene = task.scene
            report.say(
                "scene '\(scene.name)': robot '\(scene.robot.name)', \(counted(scene.observationElements.count, "observation")), "
                    + "\(counted(scene.actionCount, "action")), \(counted(scene.reward.count, "reward term"))"
            )
            attempt(scene, &report)
        } catch let error as DescriptionError {
            guard error.kind == .invalid else { throw error }
            report.add(error.diagnostics)
            report.add(trainingFaults(path, bytes))
        }
    }

    /// What is wrong in the `train` block; read on its own, so that a fault elsewhere does not hide it.
    private func trainingFaults(_ path: String, _ bytes: [UInt8]) -> [Diagnostic] {
        guard let train = try? Setting(yaml: bytes, file: path)["train"],
            case .mapping(let blocks) = train.value
        else { return [] }
        let findings = Findings(file: path)
        for block in blocks {
            // An algorithm that there is not was found by the reader.
            guard let algorithm = Algorithm(named: block.key) else { continue }
            _ = AgentConfiguration(
                algorithm, decoding: block.value, Decoder(findings: findings), besides: ["evaluate"])
        }
        return findings.inOrder
    }

    // MARK: The trials

    private func attempt(_ scene: Scene, _ report: inout Report) {
        do {
            if let overlap = try ShapeOverlap.deepest(atStartOf: scene), !overlap.isGround,
                overlap.depth > 1e-3
            {
                report.add([
                    Diagnostic(
                        .warning, file: scene.file, path: "start",
                        message:
                            "link '\(overlap.link)' starts \(overlap.depth.short) m inside \(overlap.other) and will be pushed out at once",
                        remedy: overlap.other.hasPrefix("obstacles[")
                            ? "move the start or the obstacle"
                            : "move the start, or add the pair to contacts.ignore")
                ])
            }
            for actions in SceneTrial.Actions.allCases {
                let trial = try SceneTrial(
                    of: scene, seconds: Self.seconds, actions: actions, patience: Self.patience)
                report.say(Self.summary(of: trial, scene))
                report.add(Self.faults(of: trial, scene))
                let findings = TaskFindings(scene: scene)
                report.add(actions == .zero ? findings.rest(trial) : findings.motion(trial))
            }
            guard !report.hasErrors else { return }
            try attemptTask(scene, &report)
        } catch SimulationError.scene(_, let problem) {
            report.add([Diagnostic(.error, file: scene.file, message: "cannot be simulated: \(problem)")])
        } catch {
            report.add([Diagnostic(.error, file: scene.file, message: "\(error)")])
        }
    }

    /// The task, as an agent would meet it before it has learned anything.
    private func attemptTask(_ scene: Scene, _ report: inout Report) throws {
        let still = try TaskTrial(of: scene, actions: .zero)
        let random = try TaskTrial(of: scene, actions: .random)
        report.say(TaskFindings.summary(still, random))
        report.add(TaskFindings(scene: scene).findings(still, random))
    }

    private static func summary(of trial: SceneTrial, _ scene: Scene) -> String {
        let time = ((1000 * trial.seconds).rounded() / 1000).short
        var text = "\(time) s with \(trial.actions == .zero ? "no action" : "random actions"): "
        text += trial.isDiverged ? "diverged" : "stable"
        if trial.actions == .zero, !trial.isDiverged { text += Self.stance(of: trial, scene) }
        if trial.isCutShort, trial.seconds > 0 {
            let whole = (patience * seconds / trial.seconds).asDuration
            text += " (cut short after \(patience.asDuration): \(seconds.short) s of it take about \(whole))"
        }
        if let joint = scene.robot.joint(named: trial.fastestJoint) {
            text +=
                ", fastest joint '\(trial.fastestJoint)' at \(trial.greatestSpeed.short) \(scene.robot.joints[joint].unit)/s"
        }
        return text
    }

    /// Whether it still stands, and rests.
    private static func stance(of trial: SceneTrial, _ scene: Scene) -> String {
        if let end = trial.end { return ", '\(end.reason)' holds after \(end.seconds.short) s" }
        let rest = trial.restTime.map { "rests after \($0.short) s" } ?? "does not come to rest"
        return (scene.base == .floating && !scene.termination.isEmpty ? ", stands" : "") + ", \(rest)"
    }

    private static func faults(of trial: SceneTrial, _ scene: Scene) -> [Diagnostic] {
        if trial.isDiverged {
            return [
                Diagnostic(
                    .error, file: scene.file, path: "physics",
                    message:
                        "the simulation diverges after \(trial.seconds.short) s with \(trial.actions == .zero ? "no action" : "random actions")",
                    remedy:
                        "use a shorter physics.time_step, weaker actuators, or more damping and armature")
            ]
        }
        guard trial.actions == .zero, trial.energyGain > scene.energyWithoutAction else { return [] }
        return [
            Diagnostic(
                .warning, file: scene.file, path: "physics",
                message:
                    "without action the robot gains \(trial.energyGain.short) J, more than its servos and noise can give it",
                remedy: "use a shorter physics.time_step, or look for a start in which shapes overlap")
        ]
    }
}

extension Scene {
    /// More energy (J) than a robot can gain while its actions are zero: noise of the start, and servos that pull it back.
    fileprivate var energyWithoutAction: Double {
        var servos = 0.0
        for actuator in actuators {
            // An effort that acts without action does as much work as it likes.
            if actuator.drive.kind == .torque, actuator.offset != 0 { return .infinity }
            // Drives that are no servos to a position have no stiffness: 0.
            let error = abs(start.joints[actuator.joint] - actuator.offset) + 0.5
            servos += 0.5 * actuator.drive.kp * error * error
        }
        // The work of lifting the robot by a tenth of a metre: what numbers may do.
        return servos + 0.1 * robot.totalMass * max(physics.gravity.length, 1) + 0.01
    }
}

/// What a check has found, printed as it is found; errors decide the exit code.
private struct Report {
    let file: String
    private var counts: [Diagnostic.Severity: Int] = [:]
    private var shown: Set<String> = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { counts[.error] != nil }

    mutating func add(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics where shown.insert(diagnostic.description).inserted {
            counts[diagnostic.severity, default: 0] += 1
            let line = diagnostic.lineWithSeverity.shown
            switch diagnostic.severity {
            case .error: Swift.print(Terminal.output.styled(line, .red))
            case .warning: Swift.print(Terminal.output.styled(line, .yellow))
            case .note: Swift.print(line)
            }
        }
    }

    mutating func say(_ text: String) { print(text) }

    func conclude() throws {
        let warnings = counts[.warning] ?? 0
        guard let errors = counts[.error] else {
            print("\(file): no errors" + (warnings == 0 ? "" : ", \(counted(warnings, "warning"))"))
            return
        }
        throw Failure(.badData, "\(file): \(counted(errors, "error")), \(counted(warnings, "warning"))")
    }
}
