// SPDX-License-Identifier: MIT

import Geometry
import Physics
import Scenes
import Settings
import Testing

/// What a scene may say of objects, and the words where it may not.
struct ObjectKeysTests {
    private func finding(_ objects: String, observation: String = "{term: base_velocity}", more: String = "")
        -> String
    {
        do {
            let scene = try ObjectTests.scene(objects, observation: observation, more: more)
            return scene.notes.map(\.description).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    private let box = "{name: box, box: [0.1, 0.1, 0.1], position: [1, 0, 0.05]}"

    @Test func `an object has one shape, and its mass from one of two`() {
        #expect(finding("{name: box, position: [1, 0, 0.05]}").contains("objects[0]: has no shape"))
        #expect(
            finding("{name: box, sphere: 0.1, box: [0.1, 0.1, 0.1], position: [1, 0, 0.1]}").contains(
                "objects[0]: has box and sphere"))
        #expect(
            finding("{name: box, sphere: 0.1, mass: 1, density: 100, position: [1, 0, 0.1]}").contains(
                "objects[0].density: has mass too"))
    }

    @Test func `names are its own, and known`() {
        #expect(finding(box + ", " + box).contains("'box' is the name of another object or link"))
        #expect(
            finding("{name: trunk, sphere: 0.1, position: [1, 0, 0.1]}").contains(
                "'trunk' is the name of another object or link"))
        #expect(
            finding(box, observation: "{term: object_position, object: bax}").contains(
                "the scene has no object 'bax'; did you mean 'box'?"))
        #expect(
            finding("", observation: "{term: object_position, object: box}").contains(
                "the scene has no object 'box'; add it: objects: [{name: box,"))
    }

    @Test func `an object is no link where only a link will do`() {
        #expect(
            finding(box, more: "collision: {hull: [box]}").contains("the robot has no link 'box'"))
        #expect(
            finding(box, observation: "{term: object_position, object: box, from: box}").contains(
                "the robot has no link 'box'"))
    }

    @Test func `one that starts in the ground is told of`() {
        #expect(
            finding("{name: box, sphere: 0.1, position: [1, 0, 0.05]}").contains(
                "object 'box' (the 1. of them) starts 0.05 m deep in the ground"))
        #expect(finding(box) == "" || !finding(box).contains("object 'box'"))
    }

    @Test(arguments: [
        ("sphere: 0.1, mass: 2", 2, 0.4 * 2 * 0.01),
        ("box: [0.1, 0.2, 0.3], density: 500", 3, 3.0 / 12 * 0.13),
        ("cylinder: [0.1, 0.3], mass: 2", 2, 2 * (0.01 / 4 + 0.09 / 12)),
    ])
    func `its mass and inertia are those of a solid body`(shape: String, mass: Double, across: Double) throws
    {
        let scene = try ObjectTests.scene("{name: thing, \(shape), position: [1, 0, 1]}")
        let properties = scene.objects[0].properties
        #expect(abs(properties.mass - mass) < 1e-12 && abs(properties.inertia.xx - across) < 1e-12)
    }

    @Test func `a capsule says its radius and the length between its ends`() throws {
        let scene = try ObjectTests.scene("{name: thing, capsule: [0.1, 0.3], position: [1, 0, 1]}")
        #expect(scene.objects[0].shape == .capsule(radius: 0.1, length: 0.3))
    }

    @Test func `MuJoCo's file has them as free bodies, and starts them where they are`() throws {
        let scene = try ObjectTests.scene(
            "{name: box, box: [0.1, 0.2, 0.3], mass: 1.5, position: [1, 0, 0.15]}, {name: root, sphere: 0.1, position: [2, 0, 0.1]}"
        )
        let file = MuJoCoFile(scene)
        #expect(file.names.objects.map(\.body) == ["box", "root"])
        // The robot's own free joint has that name.
        #expect(file.names.objects.map(\.joint) == ["box", "root_2"])
        #expect(file.text.contains("<freejoint name=\"box\"/>"))
        #expect(file.text.contains("<geom name=\"box\" type=\"box\" size=\"0.05 0.1 0.15\""))
        #expect(file.text.contains(" 1 0 0.15 1 0 0 0 2 0 0.1 1 0 0 0\""))
    }
}
