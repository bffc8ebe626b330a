// SPDX-License-Identifier: MIT

import Robots

/// Robots of our own, as people write them, for tests of new scenes.
enum NewRobots {
    static func robot(_ name: String, _ inside: String) throws -> Robot {
        try Robot(urdf: Array("<robot name=\"\(name)\">\(inside)</robot>".utf8), file: "\(name).urdf")
    }

    /// A link with mass, and a shape where one is given: its place, its turn and its geometry.
    static func link(
        _ name: String, mass: Double = 1, at place: String = "0 0 0", rpy: String = "0 0 0",
        _ shape: String? = nil
    ) -> String {
        let inertia = 0.001 * mass
        return """
            <link name="\(name)"><inertial><origin xyz="\(place)"/><mass value="\(mass)"/>
            <inertia ixx="\(inertia)" iyy="\(inertia)" izz="\(inertia)" ixy="0" ixz="0" iyz="0"/></inertial>
            \(shape.map { "<collision><origin xyz=\"\(place)\" rpy=\"\(rpy)\"/><geometry>\($0)</geometry></collision>" } ?? "")</link>
            """
    }

    static func joint(
        _ name: String, _ parent: String, _ child: String, at place: String = "0 0 0", axis: String = "0 1 0",
        limit: String? = "lower=\"-2\" upper=\"2\" effort=\"8\" velocity=\"10\""
    ) -> String {
        """
        <joint name="\(name)" type="\(limit?.contains("lower") == true ? "revolute" : "continuous")">
        <origin xyz="\(place)"/><parent link="\(parent)"/><child link="\(child)"/><axis xyz="\(axis)"/>
        \(limit.map { "<limit \($0)/>" } ?? "")</joint>
        """
    }

    /// Four legs of two hinges each; `names` are those of upper and lower parts, which tell what they are or nothing.
    static func dog(names: (String, String) = ("thigh", "shank"), feet: Bool = true) throws -> Robot {
        var text = link("trunk", mass: 4, "<box size=\"0.3 0.16 0.08\"/>")
        for (corner, place) in [
            ("a", "0.15 0.09 0"), ("b", "0.15 -0.09 0"), ("c", "-0.15 0.09 0"), ("d", "-0.15 -0.09 0"),
        ] {
            let (upper, lower) = ("\(corner)_\(names.0)", "\(corner)_\(names.1)")
            text +=
                link(upper, mass: 0.3, at: "0 0 -0.07") + joint("\(upper)_joint", "trunk", upper, at: place)
            text += link(lower, mass: 0.1, at: "0 0 -0.15", feet ? "<sphere radius=\"0.02\"/>" : nil)
            text += joint(
                "\(lower)_joint", upper, lower, at: "0 0 -0.15",
                limit: "lower=\"-2.4\" upper=\"0.1\" effort=\"8\" velocity=\"10\"")
        }
        return try robot("dog", text)
    }

    /// A cart on two driven wheels and a ball that slides.
    static func cart(wheels: String = "wheel") throws -> Robot {
        var text = link("chassis", mass: 3, "<box size=\"0.3 0.2 0.05\"/>")
        for (side, place) in [("left", "0.05 0.12 -0.03"), ("right", "0.05 -0.12 -0.03")] {
            text += link(
                "\(side)_\(wheels)", mass: 0.2, rpy: "1.5707963 0 0",
                "<cylinder radius=\"0.06\" length=\"0.03\"/>")
            text += joint(
                "\(side)_\(wheels)_joint", "chassis", "\(side)_\(wheels)", at: place,
                limit: "effort=\"3\" velocity=\"15\"")
        }
        text += link("ball", mass: 0.05, "<sphere radius=\"0.03\"/>")
        text +=
            "<joint name=\"ball_joint\" type=\"fixed\"><origin xyz=\"-0.12 0 -0.06\"/><parent link=\"chassis\"/><child link=\"ball\"/></joint>"
        return try robot("cart", text)
    }

    /// A chain of hinges that stands on its foot, their axes up and sideways in turn, with two jaws.
    static func arm(joints count: Int = 5) throws -> Robot {
        var text = link("foot", mass: 3, "<box size=\"0.1 0.1 0.05\"/>")
        for index in 1...count {
            let parent = index == 1 ? "foot" : "part\(index - 1)"
            text += link(
                "part\(index)", mass: 0.5, at: "0 0 0.06", "<capsule radius=\"0.03\" length=\"0.08\"/>")
            text += joint(
                "j\(index)", parent, "part\(index)", at: "0 0 0.13", axis: index % 2 == 1 ? "0 0 1" : "0 1 0")
        }
        for (side, axis) in [("left", "0 1 0"), ("right", "0 -1 0")] {
            text += link("\(side)_finger", mass: 0.02)
            text += """
                <joint name="\(side)_finger_joint" type="prismatic"><origin xyz="0 0 0.14"/><parent link="part\(count)"/>
                <child link="\(side)_finger"/><axis xyz="\(axis)"/><limit lower="0" upper="0.04" effort="10" velocity="1"/></joint>
                """
        }
        return try robot("crane", text)
    }

    /// A palm with three fingers of three hinges.
    static func hand() throws -> Robot {
        var text = link("palm", mass: 0.4, "<box size=\"0.08 0.08 0.02\"/>")
        for finger in 0..<3 {
            for part in 0..<3 {
                let name = "f\(finger)_\(part)"
                text += link(name, mass: 0.02, at: "0 0 0.02", "<sphere radius=\"0.016\"/>")
                text += joint(
                    "\(name)_joint", part == 0 ? "palm" : "f\(finger)_\(part - 1)", name,
                    at: part == 0 ? "\(0.03 * Double(finger) - 0.03) 0 0.01" : "0 0 0.03")
            }
        }
        return try robot("gripping", text)
    }

    /// A body with four rotors about upright axes.
    static func flyer() throws -> Robot {
        var text = link("body", mass: 1, "<box size=\"0.1 0.1 0.04\"/>")
        for (index, place) in ["0.1 0 0", "0 0.1 0", "-0.1 0 0", "0 -0.1 0"].enumerated() {
            text +=
                link("rotor\(index)", mass: 0.01)
                + joint("spin\(index)", "body", "rotor\(index)", at: place, axis: "0 0 1", limit: nil)
        }
        return try robot("quad", text)
    }

    /// Two legs with flat feet, and arms, all of which hang down; its chest is `ahead` of its hips, in m.
    static func biped(ahead: Double = 0) throws -> Robot {
        var text = link("pelvis", mass: 8, at: "\(ahead) 0 0.2", "<box size=\"0.15 0.2 0.4\"/>")
        for (side, y) in [("left", 0.1), ("right", -0.1)] {
            let parts = [
                ("hip_roll", "1 0 0", 0.0), ("hip_pitch", "0 1 0", 0), ("knee", "0 1 0", -0.3),
                ("ankle_pitch", "0 1 0", -0.3), ("ankle_roll", "1 0 0", 0),
            ]
            var parent = "pelvis"
            for (index, part) in parts.enumerated() {
                let name = "\(side)_\(part.0)_link"
                let foot = index == 4
                text += link(
                    name, mass: 1, at: foot ? "0.03 0 -0.04" : "0 0 -0.1",
                    foot ? "<box size=\"0.22 0.1 0.02\"/>" : nil)
                text += joint(
                    "\(side)_\(part.0)", parent, name, at: "0 \(index == 0 ? y : 0) \(part.2)", axis: part.1,
                    limit:
                        "lower=\"\(part.0 == "knee" ? 0 : -1.5)\" upper=\"2\" effort=\"120\" velocity=\"10\"")
                parent = name
            }
            for (index, part) in ["shoulder", "elbow", "wrist"].enumerated() {
                let name = "\(side)_\(part)_link"
                text += link(name, mass: 0.5, at: "0 0 -0.1")
                text += joint(
                    "\(side)_\(part)",
                    index == 0 ? "pelvis" : "\(side)_\(["shoulder", "elbow"][index - 1])_link", name,
                    at: index == 0 ? "0 \(2 * y) 0.35" : "0 0 -0.25")
            }
        }
        return try robot("walker", text)
    }
}
