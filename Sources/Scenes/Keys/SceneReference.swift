// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The keys and terms of scenes as Markdown, made from ``SceneKeys``: what the documentation shows.
public enum SceneReference {
    /// The whole page docs/scenes.md.
    public static var page: String {
        """
        # Scenes

        A scene is one YAML file: the robot, the place it stands in, what its policy sees and does, what it is asked for, how it is
        trained. Every key is listed here; unknown keys are errors. Lengths are in m, angles in rad, times in s, masses in kg.

            sinew scenes NAME            # a scene, resolved against its robot
            sinew scenes --check FILE    # everything that is wrong with it, and ten seconds of it
            sinew scenes --new ROBOT.urdf

        The terms have the names of Isaac Lab and legged_gym where those have one. Joints and links are those of the URDF; links that
        fixed joints merged into others keep their names. `Scenes/scene.schema.json` says the same to editors: begin a scene with
        `# yaml-language-server: $schema=scene.schema.json`. The settings under `train` are those of the
        algorithm: [settings](settings.md).

        This page is written by `make schema` from the table that the reader itself uses.


        """ + markdown
    }

    /// One list of keys, and below it one for each list of terms or kinds.
    public static var markdown: String {
        var text = "## Keys\n\n" + list(SceneKeys.all, depth: 0)
        for parameter in SceneKeys.all {
            guard case .variants(let key, let variants) = parameter.kind else { continue }
            text += "\n## \(parameter.name)\n\n"
            for variant in variants {
                text +=
                    "- `{\(key): \(variant.name)}` \(variant.summary)\n" + list(variant.parameters, depth: 1)
            }
        }
        return text
    }

    private static func list(_ parameters: [Parameter], depth: Int) -> String {
        let indent = String(repeating: "  ", count: depth)
        return parameters.map { parameter in
            let mark = parameter.isRequired ? ", required" : ""
            return "\(indent)- `\(parameter.name)` (\(holds(parameter.kind))\(mark)): \(parameter.summary)\n"
                + list(keys(of: parameter.kind), depth: depth + 1)
        }.joined()
    }

    private static func keys(of kind: Parameter.Kind) -> [Parameter] {
        switch kind {
        case .block(let parameters), .blocks(let parameters), .blockByJoint(let parameters),
            .settings(_, let parameters):
            parameters
        default: []
        }
    }

    private static func holds(_ kind: Parameter.Kind) -> String {
        switch kind {
        case .number(let bounds): bounds.words
        case .integer(let range): "whole number from \(range.lowerBound) to \(range.upperBound)"
        case .bool: "true or false"
        case .text: "text"
        case .choice(let words): words.joined(separator: " or ")
        case .vector: "[x, y, z]"
        case .range, .integerRange: "[low, high]"
        case .interval: "b for -b to b, or [low, high]"
        case .distribution(let allowsScale):
            "{uniform: b or [low, high]} or {normal: deviation}"
                + (allowsScale ? " or {scale: [low, high]}" : "")
        case .axis: "x, y or z"
        case .axes: "list of x, y, z"
        case .joint: "joint"
        case .joints: "list of joints"
        case .link: "link"
        case .links: "list of links"
        case .linkPairs: "list of pairs of links"
        case .numberByLink: "number by link"
        case .numberByJoint: "number by joint"
        case .blockByJoint: "keys by joint"
        case .block: "keys"
        case .blocks: "list of keys"
        case .variants(let key, _): "list, each with its \(key)"
        case .settings(let names, _): "settings by algorithm: \(names.joined(separator: ", "))"
        }
    }
}
