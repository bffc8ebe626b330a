// SPDX-License-Identifier: MIT

package import Settings

/// What is said of a scene's keys outside of it: the JSON Schema for editors, and the page of the documentation.
public enum SceneReference {
    /// The JSON Schema, draft 2020-12, by which editors complete and check scenes.
    package static func schema(algorithms: [AlgorithmKeys]) -> String {
        shape(algorithms: algorithms).schema(title: "Sinew scene, format 1")
    }

    /// The shape of a scene's file, which `--set` and the schema follow.
    package static func shape(algorithms: [AlgorithmKeys]) -> SettingShape {
        let usual = Scene()
        return .block(Scene.keys(algorithms: algorithms).map { $0.description(of: usual) })
    }

    /// The whole page docs/scenes.md; the keys of algorithms have a page of their own.
    package static var page: String {
        var keys = shape(algorithms: []).keys ?? []
        for index in keys.indices where keys[index].name == "train" {
            keys[index].shape = .mapping(of: "algorithm", .block([Scene.evaluateInBlock]))
        }
        return introduction + "## Keys\n\n" + SettingShape.block(keys).markdown() + meanings
            + SceneMeaning.table
    }

    private static let meanings = """

        ## What keys cannot mean

        Keys that are allowed one by one and cannot mean what they say together. Those that are refused are errors, as are names that the
        robot does not have, terms that need what the scene lacks, and starts outside of the stops; `train` and `scenes --check` say the
        others before they begin. So they do of actuators: a gear beyond the effort limit, a servo that reaches past its stops or a
        speed beyond the limit, and commands that are all the same.


        """

    private static let introduction = """
        # Scenes

        A scene is one YAML file: the robot, the place it stands in, what its policy sees and does, what it is asked for, how it is
        trained. Every key is listed here; unknown keys are errors. Lengths are in m, angles in rad, times in s, masses in kg.

            sinew scenes NAME            # a scene, resolved against its robot
            sinew scenes --check FILE    # everything that is wrong with it, and ten seconds of it
            sinew scenes --new ROBOT.urdf

        Every key can be set for one run: `sinew train NAME --set physics.substeps=8 --set reward.alive.weight=2`.

        The terms have the names of Isaac Lab and legged_gym where those have one. Joints and links are those of the robot's file; links that
        fixed joints merged into others keep their names. `Scenes/scene.schema.json` says the same to editors: begin a scene with
        `# yaml-language-server: $schema=scene.schema.json`. The settings under `train` are those of the
        algorithm: [settings](settings.md).

        This page is written by `make schema` from the keys that the reader itself uses.


        """
}
