// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

extension SimulatedEnvironment {
    /// Lets the thrusters push in the step call that comes; their forces stand behind the joints' commands.
    func thrust(_ commands: borrowing [Double]) throws(PhysicsError) {
        let joints = scene.robot.joints.count
        for body in physics.pushedBodies {
            var (force, torque) = (Vector3.zero, Vector3.zero)
            for index in physics.thrusts.indices where physics.thrusts[index].body == body {
                let newtons = commands[joints + index]
                force += newtons * physics.thrusts[index].force
                torque += newtons * physics.thrusts[index].torque
            }
            try world.setOwnForce(force, torque: torque, onLink: body)
        }
    }
}
