// SPDX-License-Identifier: MIT

internal import CPhysics
package import Geometry

/// Where two geoms touched in the last substep.
package struct WorldContact: Sendable, Equatable {
    /// The geom on a link that the force acts on.
    package var first: Int
    /// The other geom, on which the opposite force acts.
    package var second: Int
    /// Where, m.
    package var point: Vector3
    /// The force on the first geom, N.
    package var force: Vector3
}

extension World {
    /// The contacts of the last substep; none after `place` and `restore`.
    ///
    /// - Throws: `diverged`.
    package func contacts() throws(PhysicsError) -> [WorldContact] {
        let count = unsafe phys_world_contact_count(world)
        var found = Array(repeating: phys_contact_reading(), count: count)
        // An empty array has no address, and nothing to read.
        guard count > 0 else { return [] }
        let status = unsafe found.withUnsafeMutableBufferPointer {
            unsafe phys_world_contacts(world, $0.baseAddress, $0.count)
        }
        try status.check("contacts")
        return found.map { contact in
            WorldContact(
                first: contact.first, second: contact.second, point: Vector3(contact.point),
                force: Vector3(contact.force))
        }
    }
}

extension Vector3 {
    /// A vector of C.
    fileprivate init(_ components: (Double, Double, Double)) {
        self.init(components.0, components.1, components.2)
    }
}
