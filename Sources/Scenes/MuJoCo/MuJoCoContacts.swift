// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// What touches what in a scene's MuJoCo file, and how.
///
/// What stands still has the type 1, what meets it the affinity 1, and objects have both; the robot's own links, where they touch each other, type and
/// affinity 2, but for bodies that are excluded. Where that is not exactly what the world's definition lists, the robot's own contacts
/// are listed as well.
struct MuJoCoContacts {
    private let definition: WorldDefinition
    /// The geoms that stand still and are no part of the robot; they are the last.
    let staticCount: Int
    private let isStatic: [Bool]
    private let isObject: [Bool]
    private let meetsSurroundings: [Bool]
    /// The robot's own contacts by the numbers of their geoms, each with the lesser first.
    private var own: [SIMD2<Int>: Double] = [:]
    private let isListed: Bool
    private let excluded: [(String, String)]
    private let names: MuJoCoNames

    /// `bodies` are those of the geoms, by their numbers in the file: 0 for the world.
    init(_ scene: Scene, _ physics: ScenePhysics, _ names: MuJoCoNames) {
        definition = physics.definition
        self.names = names
        staticCount = (scene.hasGround ? 1 : 0) + scene.obstacles.count
        let still = definition.geoms.count - staticCount
        let surroundings = still - scene.objects.count
        isStatic = definition.geoms.indices.map { $0 >= still }
        isObject = definition.geoms.indices.map { $0 >= surroundings && $0 < still }
        var meets = [Bool](repeating: false, count: definition.geoms.count)
        var own: [SIMD2<Int>: Double] = [:]
        for pair in definition.pairs {
            if pair.second >= surroundings {
                meets[pair.first] = true
            } else {
                own[SIMD2(pair.first, pair.second)] = pair.friction
            }
        }
        (meetsSurroundings, self.own) = (meets, own)
        let links = scene.robot.links.indices.flatMap { link in
            scene.robot.links[link].shapes.map { _ in link }
        }
        let found = Self.excluded(scene, links, own)
        // Margins of two geoms add up.
        isListed = !own.isEmpty && (found == nil || scene.contactMaterial.margin > 0)
        excluded = isListed ? [] : (found ?? []).map { (names.bodies[$0.x], names.bodies[$0.y]) }
    }

    /// The pairs of links that must be excluded for their geoms to touch as listed in `own`; nil where that does not do.
    private static func excluded(_ scene: Scene, _ links: [Int], _ own: [SIMD2<Int>: Double]) -> [SIMD2<Int>]?
    {
        guard !own.isEmpty else { return [] }
        var counts: [SIMD2<Int>: (touching: Int, all: Int)] = [:]
        for first in links.indices {
            for second in links.indices.dropFirst(first + 1) where links[first] != links[second] {
                let pair = SIMD2(links[first], links[second])
                let count = counts[pair] ?? (0, 0)
                let touches = own[SIMD2(first, second)] != nil
                counts[pair] = (count.touching + (touches ? 1 : 0), count.all + 1)
            }
        }
        // What hangs on another never touches it in MuJoCo, nor does what hangs on that by a link without matter.
        let isWhole = counts.allSatisfy { pair, count in
            count.touching == 0 || count.touching == count.all && !scene.robot.isNear(pair.x, pair.y)
        }
        guard isWhole else { return nil }
        return counts.filter { $0.value.touching == 0 }.map(\.key).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    }

    /// What a geom is like to touch.
    func surface(of geom: Int, friction: Double) -> [(String, String?)] {
        let touchesOwn = !isListed && own.keys.contains { $0.x == geom || $0.y == geom }
        let type = isStatic[geom] || isObject[geom] ? 1 : touchesOwn ? 2 : 0
        let meets = meetsSurroundings[geom] || isObject[geom]
        let affinity = isStatic[geom] ? 0 : (meets ? 1 : 0) + (touchesOwn ? 2 : 0)
        let margin = isStatic[geom] ? 0 : definition.contactMargin
        return [
            ("contype", type == 1 ? nil : "\(type)"), ("conaffinity", affinity == 1 ? nil : "\(affinity)"),
            ("friction", mujoco(friction)), ("margin", mujocoUnlessZero(margin)),
        ]
    }

    /// `<contact>`; nil where there is nothing to say.
    var element: MuJoCoElement? {
        let pairs =
            isListed
            ? own.sorted { ($0.key.x, $0.key.y) < ($1.key.x, $1.key.y) }.map { pair, friction in
                MuJoCoElement(
                    "pair",
                    [
                        ("geom1", names.geoms[pair.x]), ("geom2", names.geoms[pair.y]),
                        ("friction", mujoco(friction, friction, 0.005, 0.0001, 0.0001)),
                        ("margin", mujocoUnlessZero(definition.contactMargin)),
                    ] + definition.contactSoftness.mujoco(timeStep: definition.timeStep))
            } : []
        let exclusions = excluded.map { MuJoCoElement("exclude", [("body1", $0.0), ("body2", $0.1)]) }
        return pairs.isEmpty && exclusions.isEmpty
            ? nil : MuJoCoElement("contact", [], pairs + exclusions)
    }
}

extension Robot {
    /// Whether MuJoCo counts one link as the parent of the other.
    fileprivate func isNear(_ first: Int, _ second: Int) -> Bool {
        func parent(_ link: Int) -> Int? {
            guard var parent = joints.first(where: { $0.child == link })?.parent else { return nil }
            while links[parent].properties.mass == 0,
                let next = joints.first(where: { $0.child == parent })?.parent
            {
                parent = next
            }
            return parent
        }
        return parent(first) == second || parent(second) == first
    }
}

extension Softness {
    /// `solref` and `solimp`; `suffix` is that of a joint's stops.
    func mujoco(timeStep: Double, suffix: String = "") -> [(String, String?)] {
        // MuJoCo has no impedance of 0 or 1, and as here no time constant below two steps.
        let impedance = max(1e-4, min(0.9999, impedance))
        return [
            ("solref" + suffix, Scenes.mujoco(max(timeConstant, 2 * timeStep), dampingRatio)),
            ("solimp" + suffix, Scenes.mujoco(impedance, impedance, 0.001)),
        ]
    }
}
