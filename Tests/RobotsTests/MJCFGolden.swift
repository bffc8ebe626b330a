// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots

/// What MuJoCo makes of an MJCF file, as Golden/make_mjcf.py has written it.
struct MJCFGolden: Decodable {
    struct Values: Decodable {
        var name: String
        var slides: Bool
        var range: [Double]
        var damping: Double
        var armature: Double
        var friction: Double
        var stiffness: Double
        var rest: Double
    }

    struct Places: Decodable {
        struct Welded: Decodable {
            var body: String
            var mass: Double
            var center: [Double]
            var inertia: [Double]
        }

        struct Frame: Decodable {
            var name: String
            var position: [Double]
            var quaternion: [Double]
        }

        struct Axis: Decodable {
            var joint: String
            var anchor: [Double]
            var axis: [Double]
        }

        var qpos: [Double]
        var welded: [Welded]
        var frames: [Frame]
        var axes: [Axis]
    }

    struct Motor: Decodable {
        var joint: String
        var kp: Double
        var kd: Double
    }

    var joints: [Values]
    var actuators: [Motor]
    var places: [Places]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden"
    /// The robot's file and what MuJoCo says of it.
    ///
    /// Files elsewhere can be tried by SINEW_MJCF=FILE.xml:FILE.json,...
    static var files: [(robot: String, golden: String)] {
        let own = ["dog.xml", "arm.xml", "ur5e/ur5e.xml"].map { name in
            (
                "\(folder)/\(name)",
                "\(folder)/\((name as NSString).lastPathComponent.replacing(".xml", with: ".json"))"
            )
        }
        let others = ProcessInfo.processInfo.environment["SINEW_MJCF"]?.split(separator: ",") ?? []
        return own + others.map { $0.split(separator: ":").map(String.init) }.map { ($0[0], $0[1]) }
    }

    init(file: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }
}

extension Vector3 {
    init(_ values: [Double]) { self.init(values[0], values[1], values[2]) }
}
