// SPDX-License-Identifier: MIT

/// Which shapes a shape may touch, as MuJoCo's bits say it: two touch where the type of one is in the affinity of the other.
package struct ContactMask: Sendable, Equatable {
    package var type: UInt32
    package var affinity: UInt32
    /// Whether it touches the scene's ground and obstacles.
    package var meetsSurroundings = true

    /// Makes a mask; without arguments, one that touches all that have it too.
    package init(type: UInt32 = 1, affinity: UInt32 = 1) {
        (self.type, self.affinity) = (type, affinity)
    }

    /// Whether it touches anything at all.
    package var isOpen: Bool { type != 0 || affinity != 0 }

    package func meets(_ other: ContactMask) -> Bool {
        type & other.affinity != 0 || other.type & affinity != 0
    }
}

/// Two bodies, by their names in the robot's file, that never touch.
package struct BodyPair: Sendable, Equatable {
    package var first: String
    package var second: String

    package init(first: String, second: String) { (self.first, self.second) = (first, second) }

    package func isOf(_ a: String, _ b: String) -> Bool {
        (first, second) == (a, b) || (first, second) == (b, a)
    }
}
