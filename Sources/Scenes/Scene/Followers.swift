// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots
internal import Settings

// Joints that follow others (<mimic>), and links without mass: what a scene may say of them.

extension Robot {
    /// What leads a joint that follows another, in words; nil for a joint that moves on its own.
    func lead(of joint: Int) -> (follower: String, leader: String)? {
        joints[joint].mimic.map { (joints[joint].name, joints[$0.leader].name) }
    }

    /// Why the solver `ode` cannot simulate it; nil where it can.
    package var needOfArticulated: String? {
        if let follower = joints.indices.lazy.compactMap({ self.lead(of: $0) }).first {
            return "joint '\(follower.follower)' follows '\(follower.leader)'"
        }
        return joints.first { links[$0.child].properties.mass == 0 }.map {
            "link '\(links[$0.child].name)' has no mass, and joint '\($0.name)' moves it"
        }
    }
}

extension SceneChecks {
    /// ODE has bodies with mass, each with coordinates of its own.
    func checkSolver() {
        guard scene.physics.solver == .ode, let need = scene.robot.needOfArticulated else { return }
        decoder.report(
            root.place(of: "physics").place(of: "solver"), "\(need), which ode does not simulate",
            "set physics: {solver: articulated}")
    }
}
