// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// The ground around the base, as legged robots are trained to see it.
struct HeightScan: ObservationTerm {
    static let name = "height_scan"
    static let summary =
        "How far ground, terrain or obstacles are below the root link's frame, over a grid around it that turns with its yaw: row by row from behind to the front, each from right to left; the height of the frame over each point, less `offset`. Where nothing is, 100 m."
    static let unit = "m"
    static let synonyms = ["height_scanner", "measured_heights", "heights"]
    static let keys: [Key<Self>] = [
        Key("size", \.size, .list(of: .number(.within(0, 20)), count: 2...2), "How long and how wide, in m."),
        Key("resolution", \.resolution, .number(.within(0.01, 10)), "The distance of two points, in m."),
        Key("offset", \.offset, .number(.any), "What is taken off each height, in m."),
    ]

    /// How far below the base anything is looked for, and from how high, m.
    private static let reach = 100.0

    var size = [1.6, 1.0]
    var resolution = 0.1
    var offset = 0.0

    /// How many points there are along a side.
    private func count(_ axis: Int) -> Int { Int(size[axis] / resolution + 1e-6) + 1 }

    package func check(_ setting: Setting, _ decoder: Decoder) {
        let (rows, columns) = (count(0), count(1))
        guard rows * columns > 10_000 else { return }
        decoder.report(
            setting, "\(rows) by \(columns) points are more than 10000", "use a greater resolution")
    }

    func elements(in scene: Scene) -> [ObservationElement] {
        (0..<count(0)).flatMap { row in
            (0..<count(1)).map { column in
                ObservationElement(
                    name: "\(Self.name).\(row).\(column)", unit: Self.unit, frame: .base,
                    link: scene.robot.root.name)
            }
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError) {
        let base = state.after.base
        let yaw = base.orientation.yaw
        let (cosine, sine) = (cos(yaw), sin(yaw))
        let (rows, columns) = (count(0), count(1))
        for row in 0..<rows {
            for column in 0..<columns {
                let x = (Double(row) - Double(rows - 1) / 2) * resolution
                let y = (Double(column) - Double(columns - 1) / 2) * resolution
                let above =
                    base.position
                    + Vector3(cosine * x - sine * y, sine * x + cosine * y, Self.reach)
                let down = try state.distance(above, Vector3(0, 0, -1), 2 * Self.reach)
                numbers.append(down - Self.reach - offset)
            }
        }
    }
}
