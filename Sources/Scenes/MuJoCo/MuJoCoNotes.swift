// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots

/// What a scene says and MuJoCo cannot, or takes otherwise.
struct MuJoCoNotes {
    private(set) var notes: [String] = []

    init(_ scene: Scene) {
        physics(scene)
        let limited = scene.robot.joints.indices.filter { scene.joints[$0].velocityLimit != nil }
        if !limited.isEmpty {
            let names = limited.prefix(3).map { "'\(scene.robot.joints[$0].name)'" }.joined(separator: ", ")
            notes.append(
                "velocity_limit of \(names)\(limited.count > 3 ? " and \(limited.count - 3) more" : ""): MuJoCo's joints have no greatest speed"
            )
        }
        if scene.joints.contains(where: { $0.friction > 0 }) {
            notes.append("dry friction holds softly in MuJoCo: what it should hold creeps")
        }
        if scene.robot.joints.contains(where: { $0.mimic != nil }) {
            notes.append("joints that follow others are held to them softly (<equality>), here exactly")
        }
        randomisation(scene.randomisation)
        notes.append(
            "observations, rewards, terminations, noise and what is drawn for an episode are the scene's: python -m sinew.mujoco adds them"
        )
    }

    private mutating func physics(_ scene: Scene) {
        if scene.terrain != nil {
            notes.append("the terrain ends at its border, beyond which it goes on here")
        }
        if scene.ground != nil || !scene.obstacles.isEmpty || scene.contacts.selfCollision {
            if scene.contactMaterial.softness.law == .exact {
                notes.append(
                    "contact law exact (Coulomb's friction, no creep): MuJoCo's contacts are soft; the elliptic cone with impratio 10 is nearest"
                )
            }
            if scene.contactMaterial.restitution > 0 {
                notes.append(
                    "contact restitution \(mujoco(scene.contactMaterial.restitution)): MuJoCo has none")
            }
        }
        let hasStops = scene.robot.joints.contains { $0.lower != nil || $0.upper != nil }
        if hasStops, scene.stopSoftness.law == .exact {
            notes.append("stops brake what comes back from them, MuJoCo's let go of it")
        }
    }

    private mutating func randomisation(_ randomisation: Randomisation) {
        let drawn: [(String, Bool)] = [
            ("mass", randomisation.mass != nil), ("base_mass", randomisation.baseMass != nil),
            ("friction", randomisation.friction != nil),
            ("contact_time_constant", randomisation.contactTimeConstant != nil),
            ("motor_strength", randomisation.motorStrength != nil),
        ]
        let names = drawn.filter(\.1).map(\.0)
        if !names.isEmpty {
            notes.append("randomise \(names.joined(separator: ", ")): the file has the values without it")
        }
        if randomisation.latency != nil {
            notes.append("randomise latency: controls act at once; python -m sinew.mujoco gives them late")
        }
        if randomisation.push != nil {
            notes.append("randomise push: nobody pushes; python -m sinew.mujoco does")
        }
    }
}
