// SPDX-License-Identifier: MIT

import Geometry
import Physics
import Testing

struct OverlapTests {
    /// Two balls of radius 0.1 m above the ground; only the pairs with the ground are listed, and the one of the two.
    private func world(heights: [Double]) throws -> World {
        var definition = WorldDefinition()
        definition.base = .floating
        let ball = Inertia(xx: 0.004, yy: 0.004, zz: 0.004)
        definition.links = [
            LinkDefinition(mass: 1, inertia: ball, position: Vector3(0, 0, heights[0])),
            LinkDefinition(mass: 1, inertia: ball, position: Vector3(0.15, 0, heights[1])),
        ]
        definition.joints = [
            JointDefinition(
                kind: .hinge, parent: 0, child: 1, anchor: Vector3(0.15, 0, heights[1]),
                axis: Vector3(0, 1, 0))
        ]
        definition.geoms = [
            GeomDefinition(shape: .solid(.sphere(radius: 0.1)), link: 0),
            GeomDefinition(shape: .solid(.sphere(radius: 0.1)), link: 1), GeomDefinition(shape: .plane),
        ]
        definition.pairs = [PairDefinition(0, 2), PairDefinition(1, 2), PairDefinition(0, 1)]
        return try World(definition)
    }

    @Test func `the deepest overlap is that of the pair that is deepest`() throws {
        let sunk = try #require(try world(heights: [0.09, 0.02]).deepestOverlap())
        #expect(sunk.pair == 1 && abs(sunk.depth - 0.08) < 1e-9)
        let together = try #require(try world(heights: [1, 1]).deepestOverlap())
        #expect(together.pair == 2 && abs(together.depth - 0.05) < 1e-9)
        #expect(try world(heights: [1, 2]).deepestOverlap() == nil)
    }

    @Test func `looking for overlaps changes nothing`() throws {
        let (looked, other) = (try world(heights: [0.09, 1]), try world(heights: [0.09, 1]))
        for _ in 0..<20 {
            _ = try looked.deepestOverlap()
            let none = [0.0]
            try looked.step(none.span, substeps: 2)
            try other.step(none.span, substeps: 2)
        }
        #expect(try looked.save() == other.save())
    }
}
