// SPDX-License-Identifier: MIT

internal import Geometry
package import Robots
package import Settings

/// A joint of the robot, by its name in the file and its place among the robot's joints.
package struct JointReference: Sendable, Equatable {
    package var name: String
    package var index: Int

    package init(name: String, index: Int) {
        self.name = name
        self.index = index
    }

    /// What a key holds that needs a joint, until it is read.
    package static let unnamed = JointReference(name: "", index: 0)
}

extension LinkFrame {
    /// What a key holds that needs a link, until it is read.
    package static let unnamed = LinkFrame(name: "", link: 0)
}

/// What the names of a scene's file are looked up in.
package struct SceneNames {
    var robot: Robot
    /// The names of its objects, which come behind the robot's links.
    var objects: [String]

    /// Names those of a robot, and of objects beside it.
    package init(robot: Robot, objects: [String]) {
        (self.robot, self.objects) = (robot, objects)
    }

    /// What a scene's tree says; what is wrong in it the keys tell.
    static func objects(in root: Setting) -> [String] {
        (root["objects"]?.items ?? []).map { $0["name"]?.text ?? "" }
    }

    var frames: [LinkFrame] {
        objects.enumerated().map { LinkFrame(name: $1, link: robot.links.count + $0) }
    }
}

extension Decoder {
    /// The robot; nil where it could not be read.
    var robot: Robot? { (context as? SceneNames)?.robot ?? context as? Robot }

    fileprivate var objects: [LinkFrame] { (context as? SceneNames)?.frames ?? [] }
}

// Names of joints and links are looked up in the robot that is in the decoder's context. Without one, because its file could not be
// read, they are left out without a word: the robot's own errors are what matters then.

extension Format<JointReference> {
    package static var joint: Format {
        Format(.name(of: "joint"), encode: { .scalar(Scalar($0.name)) }) { setting, decoder in
            decoder.resolve(setting, "joint", among: { $0.joints.map(\.name) }) { robot, name in
                robot.joint(named: name).map { JointReference(name: name, index: $0) }
            }
        }
    }
}

extension Format<LinkFrame> {
    /// A link of the file; those that fixed joints merged into others keep their names.
    package static var link: Format {
        Format(.name(of: "link"), encode: { .scalar(Scalar($0.name)) }) { setting, decoder in
            decoder.resolve(setting, "link", among: { $0.frames.keys.sorted() }) { $0.frame(named: $1) }
        }
    }
}

extension Format<LinkFrame> {
    /// An object, as a frame behind the robot's links.
    package static var object: Format {
        Format(.name(of: "object"), encode: { .scalar(Scalar($0.name)) }) { setting, decoder in
            guard let name = setting.text else { return decoder.refuse(setting, .name(of: "object")) }
            if decoder.robot == nil { return nil }
            if let found = decoder.objects.first(where: { $0.name == name }) { return found }
            let names = decoder.objects.map(\.name)
            decoder.report(
                setting, "the scene has no object '\(name.shortened)'",
                names.isEmpty
                    ? "add it: objects: [{name: \(name.shortened), box: [0.1, 0.1, 0.1], position: [1, 0, 0.05]}]"
                    : NearestName.remedy(name, in: names))
            return nil
        }
    }

    /// A link of the file, or an object.
    package static var linkOrObject: Format {
        Format(.name(of: "link"), encode: { .scalar(Scalar($0.name)) }) { setting, decoder in
            if let found = decoder.objects.first(where: { $0.name == setting.text }) { return found }
            return Self.link.decode(setting, decoder)
        }
    }
}

extension Format<[LinkFrame]> {
    /// Different links or objects, each of which has a collision shape of its own.
    package static var touchableLinks: Format {
        let links = Format.set(of: .linkOrObject)
        return Format(links.shape, encode: links.encode) { setting, decoder in
            guard let links = links.decode(setting, decoder),
                decoder.checkShapes(of: links.map(\.name), setting)
            else { return nil }
            return links
        }
    }
}

extension Format<LinkPair> {
    package static var linkPair: Format {
        Format<[LinkFrame]>.list(of: .link, count: 2...2).described("[link, link]").map(
            to: { LinkPair(first: $0[0].name, second: $0[1].name) },
            from: { [LinkFrame(name: $0.first, link: 0), LinkFrame(name: $0.second, link: 0)] })
    }
}

extension Decoder {
    /// A name, looked up in the robot.
    fileprivate func resolve<Found>(
        _ setting: Setting, _ what: String, among names: (Robot) -> [String],
        _ find: (Robot, String) -> Found?
    ) -> Found? {
        guard let name = setting.text else { return refuse(setting, .name(of: what)) }
        guard let robot else { return nil }
        if let found = find(robot, name) { return found }
        let isFixed = what == "joint" && robot.weldedJoints.contains(name)
        let fate = isFixed ? " that moves; in \(robot.file) it is fixed" : ""
        report(
            setting, "the robot has no \(what) '\(name.shortened)'\(fate)",
            NearestName.remedy(name, in: names(robot)))
        return nil
    }

    /// Whether links, by their names in the file, have shapes of their own, by which friction and contacts go; reports which have none.
    package func checkShapes(of links: [String], _ setting: Setting) -> Bool {
        guard let robot else { return true }
        let names = Set(robot.links.flatMap { $0.shapes.map(\.link) } + objects.map(\.name))
        guard let bare = links.first(where: { !names.contains($0) }) else { return true }
        report(
            setting, "link '\(bare)' has no collision shape of its own",
            names.isEmpty
                ? "the robot has none at all" : "links with shapes: \(names.sorted().joined(separator: ", "))"
        )
        return false
    }
}
