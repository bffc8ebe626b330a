// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How an object is turned, without the jumps that angles and quaternions have.
struct ObjectOrientation: ObservationTerm {
    static let name = "object_orientation"
    static let summary =
        "The directions of an object's own axes, three numbers each: two of them say all, x alone its turn on a table."
    static let keys: [Key<Self>] = [
        .object(\.object),
        Key("axes", \.axes, .set(of: .choice), "Which of its own axes, in this order."),
        Key("along", \.along, .set(of: .choice), "Which components of each, along the axes of `frame`."),
        .frame(\.frame),
    ]

    var object = LinkFrame.unnamed
    var axes: [Axis] = [.x, .y]
    var along = Axis.allCases
    var frame = VectorFrame.world

    func elements(in scene: Scene) -> [ObservationElement] {
        axes.flatMap { own in
            along.map {
                ObservationElement(
                    name: "\(Self.name).\(object.name).\(own.rawValue).\($0.rawValue)", unit: Self.unit,
                    frame: frame, link: object.name, low: -1, high: 1)
            }
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let turn = state.after.pose(of: object).orientation
        for axis in axes {
            var unit = Vector3.zero
            switch axis {
            case .x: unit.x = 1
            case .y: unit.y = 1
            case .z: unit.z = 1
            }
            let direction = state.after.vector(turn.rotate(unit), in: frame)
            for component in along { numbers.append(direction[component]) }
        }
    }
}
