// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry
internal import Physics

extension SimulatedEnvironment {
    /// Puts all objects to their starts, with noise.
    func placeObjects() throws(PhysicsError) {
        for index in scene.objects.indices {
            let object = scene.objects[index]
            var start = object.drawStart(using: &random)
            start.position = raised(start.position)
            try world.place(object: index, at: start)
        }
    }

    /// Where the objects are and how they move.
    func objectStates(in reading: WorldReading) -> [BaseState] {
        let first = physics.definition.links.count - scene.objects.count
        return scene.objects.indices.map { index in
            BaseState(
                position: reading.position(ofLink: first + index),
                orientation: reading.orientation(ofLink: first + index),
                linearVelocity: reading.linearVelocity(ofLink: first + index),
                angularVelocity: reading.angularVelocity(ofLink: first + index))
        }
    }
}

extension MovableObject {
    /// A start, as if the ground were level.
    fileprivate func drawStart(using random: inout RandomStream) -> BaseState {
        func vector(_ distribution: Distribution) -> Vector3 {
            let (x, y) = (distribution.draw(using: &random), distribution.draw(using: &random))
            return Vector3(x, y, distribution.draw(using: &random))
        }
        let usual = placement.pose
        let (x, y) = (reset.position.draw(using: &random), reset.position.draw(using: &random))
        let z = reset.height.draw(using: &random)
        let turn = Quaternion(angle: reset.yaw.draw(using: &random), about: Vector3(0, 0, 1))
        let velocity = vector(reset.linearVelocity)
        return BaseState(
            position: usual.position + Vector3(x, y, z), orientation: turn * usual.orientation,
            linearVelocity: velocity, angularVelocity: vector(reset.angularVelocity))
    }
}
