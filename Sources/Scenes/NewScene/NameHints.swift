// SPDX-License-Identifier: MIT

internal import Robots

/// What people call the parts of robots; one name proves nothing, most of a limb's do.
enum NameHints {
    enum Part: CaseIterable { case leg, arm, finger, wheel, caster, rotor }

    /// Words of four letters and more count inside of others (`upperleg` by its ending); shorter ones alone or as an ending.
    private static func words(_ part: Part) -> [String] {
        switch part {
        case .leg:
            [
                "leg", "foot", "feet", "hip", "knee", "ankle", "thigh", "calf", "shank", "shin", "toe", "haa",
                "hfe", "kfe", "coxa",
                "femur", "tibia", "bein", "fuss", "jambe", "pied", "pierna", "pata", "gamba", "piede",
            ]
        case .arm:
            [
                "arm", "shoulder", "elbow", "wrist", "hand", "gripper", "claw", "tool", "tcp", "flange",
                "finger", "thumb", "bras",
                "brazo", "braccio", "schulter", "greifer",
            ]
        case .finger: ["finger", "thumb", "palm", "knuckle", "doigt", "dedo", "dito", "daumen"]
        case .wheel: ["wheel", "whl", "roue", "rueda", "ruota", "roda", "rad", "tire", "tyre"]
        case .caster: ["caster", "castor"]
        case .rotor:
            [
                "rotor", "propeller", "prop", "quadrotor", "quadcopter", "multirotor", "hexacopter", "drone",
                "uav", "flying", "iris",
                "helice", "elica", "thruster",
            ]
        }
    }

    /// A name's words: split at what is no letter, and where small letters end.
    static func tokens(_ name: String) -> [String] {
        var tokens: [String] = []
        var (word, wasSmall) = ("", false)
        for character in name {
            if !character.isLetter || character.isUppercase && wasSmall {
                if !word.isEmpty { tokens.append(word.lowercased()) }
                word = ""
            }
            if character.isLetter { word.append(character) }
            wasSmall = character.isLowercase
        }
        return word.isEmpty ? tokens : tokens + [word.lowercased()]
    }

    static func has(_ part: Part, _ name: String) -> Bool {
        let tokens = tokens(name)
        return words(part).contains { word in
            tokens.contains { token in
                token == word || token == word + "s"
                    || word.count > 3 && token.contains(word)
                    || part != .wheel && token.count > 4 && token.hasSuffix(word)
            }
        }
    }

    /// The names of a limb: its joints, the links that they move, and what is welded to these.
    static func names(of limb: Limb, _ robot: Robot) -> [String] {
        limb.joints.flatMap { index in
            let joint = robot.joints[index]
            return [joint.name, robot.links[joint.child].name] + robot.links[joint.child].merged
        }
    }

    /// How many names of limbs have the part's words.
    static func count(of part: Part, in limbs: [Limb], _ robot: Robot) -> Int {
        limbs.reduce(0) { $0 + names(of: $1, robot).count { has(part, $0) } }
    }

    /// Whether a joint opens and closes a gripper.
    static func isJaw(_ robot: Robot, _ index: Int) -> Bool {
        let joint = robot.joints[index]
        // A link called gripper may be the hand itself.
        return joint.name.lowercased().contains("gripper")
            || [joint.name, robot.links[joint.child].name].contains { name in
                has(.finger, name) || ["jaw", "claw"].contains { name.lowercased().contains($0) }
            }
    }

    /// A name that only something that flies has; a single rotor may be a motor's.
    static func flight(in robot: Robot) -> String? {
        if has(.rotor, robot.name) { return robot.name }
        let names = robot.frames.keys.sorted().filter { has(.rotor, $0) }
        return names.count > 1 ? names.first : nil
    }
}
