// SPDX-License-Identifier: MIT

internal import Settings

/// What becomes of an element of MJCF and of its attributes: the one list that the reader obeys and docs/mjcf.md shows.
package struct MJCFPart: Sendable {
    /// What becomes of an element.
    package enum Fate: Sendable, Equatable {
        case read
        /// Left out with a note; what it is.
        case ignored(String)
        /// An error; what to do.
        case refused(String)
    }

    package let name: String
    package let fate: Fate
    /// The attributes that are read.
    package let read: [String]
    /// The attributes that are left out with a warning, and why.
    package let said: [(names: [String], why: String)]
    /// The attributes that are left out with a note.
    package let ignored: [String]

    private init(
        _ name: String, _ fate: Fate = .read, read: String = "", said: [(String, String)] = [],
        ignored: String = ""
    ) {
        let words = { (text: String) in text.split(separator: " ").map(String.init) }
        (self.name, self.fate, self.read, self.ignored) = (name, fate, words(read), words(ignored))
        self.said = said.map { (words($0.0), $0.1) }
    }

    private static let place = "pos quat axisangle euler xyaxes zaxis"
    private static let motor =
        "name class joint jointinparent gear ctrlrange ctrllimited forcerange forcelimited "
    private static let targets = "tendon site body cranksite cranklength slidersite refsite "
    private static let motorSaid = [
        ("armature damping", "the joint's own are used"),
        ("delay nsample interp", "see `randomise: latency`"),
    ]
    private static let looks = "cameras, lights and colours are not drawn"
    private static let joints = "only joints are driven"

    /// What stands in a part that is ignored or refused is not looked at.
    package static let all: [MJCFPart] = [
        MJCFPart("mujoco", read: "model"), MJCFPart("include", read: "file"),
        MJCFPart(
            "compiler",
            read:
                "angle autolimits coordinate eulerseq inertiafromgeom inertiagrouprange balanceinertia boundmass boundinertia settotalmass meshdir assetdir strippath",
            ignored:
                "texturedir alignfree conflict convexhull discardvisual exactmeshinertia fitaabb fusestatic passthrough savecanonical savecompiled saveinertial usethread"
        ),
        MJCFPart(
            "option", read: "timestep gravity density viscosity wind",
            ignored:
                "actuatorgroupdisable apirate ccd_iterations ccd_tolerance collision cone impratio integrator iterations jacobian ls_iterations ls_tolerance magnetic mpr_iterations mpr_tolerance noslip_iterations noslip_tolerance o_friction o_margin o_solimp o_solref sdf_initpoints sdf_iterations sleep_tolerance solver tolerance"
        ),
        MJCFPart("flag", .ignored("how MuJoCo computes")), MJCFPart("lengthrange", .ignored("of muscles")),
        MJCFPart("size", .ignored("how MuJoCo uses memory")), MJCFPart("statistic", .ignored("of pictures")),
        MJCFPart("visual", .ignored("of pictures")), MJCFPart("custom", .ignored("data of other programs")),
        MJCFPart("extension", .ignored("plugins")), MJCFPart("sensor", .ignored("a scene has `observation`")),
        MJCFPart("default", read: "class"), MJCFPart("asset"),
        MJCFPart(
            "mesh", read: "class name file scale refpos refquat vertex face",
            said: [("inertia", "a mesh weighs what it closes in")],
            ignored:
                "builtin content_type material maxhullvert normal params smoothnormal texcoord"
        ),
        MJCFPart("texture", .ignored(looks)), MJCFPart("material", .ignored(looks)),
        MJCFPart("hfield", .ignored("terrain is the scene's")), MJCFPart("skin", .ignored(looks)),
        MJCFPart("model", .refused("put its bodies into this file, by <include> where they are alone")),
        MJCFPart("worldbody", read: "childclass name"),
        MJCFPart("body", read: "name childclass mocap gravcomp \(place)", ignored: "user sleep fuse simple"),
        MJCFPart("frame", read: "name childclass \(place)"),
        MJCFPart("inertial", read: "mass diaginertia fullinertia \(place)"),
        MJCFPart(
            "joint",
            read:
                "name class type pos axis range limited ref springref stiffness damping armature frictionloss actuatorfrcrange actuatorfrclimited springdamper",
            said: [
                (
                    "margin solreflimit solimplimit solreffriction solimpfriction",
                    "how stops and friction give way is the scene's `stops`"
                ), ("springyield actuatorgravcomp", "not simulated"),
            ], ignored: "group user"),
        MJCFPart("freejoint", read: "name", ignored: "align group"),
        MJCFPart(
            "geom",
            read:
                "name class type size fromto mesh contype conaffinity friction mass density group shellinertia \(place)",
            said: [
                (
                    "condim priority solref solimp solmix margin gap",
                    "contacts slide with the first number of friction, of two the greater, and give way as the scene's `contact` says"
                ), ("adhesion surfacevel fluidshape fluidcoef", "not simulated"),
            ], ignored: "material rgba user hfield fitscale castshadow"),
        MJCFPart(
            "site", read: "name class fromto \(place)", ignored: "group material mesh rgba size type user"),
        MJCFPart("camera", .ignored(looks)), MJCFPart("light", .ignored(looks)),
        MJCFPart("plugin", .refused("plugins of MuJoCo are not run; remove it")),
        MJCFPart("attach", .refused("put the bodies into this file")),
        MJCFPart("composite", .refused("write its bodies out")),
        MJCFPart("flexcomp", .refused("soft bodies are not simulated; remove it")),
        MJCFPart("replicate", .refused("write its bodies out")),
        MJCFPart("deformable", .refused("soft bodies are not simulated; remove it")),
        MJCFPart("contact"), MJCFPart("exclude", read: "name body1 body2"),
        MJCFPart(
            "pair", read: "name class geom1 geom2",
            said: [
                (
                    "condim friction gap margin solref solimp solreffriction adhesion",
                    "its geoms touch with the values of their own"
                )
            ]),
        MJCFPart("tendon", .refused("tendons are not simulated; remove it, and what it drives")),
        MJCFPart(
            "equality",
            .refused(
                "couplings of bodies are not simulated; remove it. A <joint> of polycoef c0 c1 is read: it follows"
            )),
        MJCFPart("actuator"),
        MJCFPart("motor", read: motor + targets, said: motorSaid, ignored: "group user lengthrange"),
        MJCFPart(
            "position", read: motor + targets + "kp kv dampratio timeconst inheritrange", said: motorSaid,
            ignored: "group user lengthrange"),
        MJCFPart(
            "velocity", read: motor + targets + "kv", said: motorSaid, ignored: "group user lengthrange"),
        MJCFPart(
            "general",
            read: motor + targets + "gaintype gainprm biastype biasprm dyntype dynprm inheritrange",
            said: motorSaid + [("actlimited actrange actearly actdim", "activations are not simulated")],
            ignored: "group user lengthrange ffrange velrange input"),
        MJCFPart("intvelocity", .refused("use <velocity>")),
        MJCFPart("damper", .refused("use the joint's damping")),
        MJCFPart("pid", .refused("use <position>")), MJCFPart("orientation", .refused(joints)),
        MJCFPart("cylinder", .refused("use <motor>")), MJCFPart("muscle", .refused("use <motor>")),
        MJCFPart("adhesion", .refused(joints)), MJCFPart("dcmotor", .refused("use <motor>")),
        MJCFPart("keyframe"), MJCFPart("key", read: "name qpos", ignored: "time qvel act ctrl mpos mquat"),
    ]

    static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}
