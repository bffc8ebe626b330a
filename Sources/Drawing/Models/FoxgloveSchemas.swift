// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry

/// Foxglove's types of messages, as far as an episode needs them (docs.foxglove.dev/docs/sdk/schemas).
enum FoxgloveSchemas {
    private static let time = "google.protobuf.Timestamp timestamp"

    private static let messages: [ProtobufSchema.Message] = [
        .init("Vector3", ["double x", "double y", "double z"]),
        .init("Point3", ["double x", "double y", "double z"]),
        .init("Quaternion", ["double x", "double y", "double z", "double w"]),
        .init("Pose", ["Vector3 position", "Quaternion orientation"]),
        .init("Color", ["double r", "double g", "double b", "double a"]),
        .init("KeyValuePair", ["string key", "string value"]),
        .init(
            "FrameTransform",
            [
                time, "string parent_frame_id", "string child_frame_id", "Vector3 translation",
                "Quaternion rotation",
            ]),
        .init("FrameTransforms", ["repeated FrameTransform transforms"]),
        .init(
            "JointState",
            [
                "string name", "optional double position", "optional double velocity",
                "optional double acceleration", "optional double effort",
            ]),
        .init("JointStates", [time, "repeated JointState joints"]),
        .init(
            "ArrowPrimitive",
            [
                "Pose pose", "double shaft_length", "double shaft_diameter", "double head_length",
                "double head_diameter", "Color color",
            ]),
        .init("CubePrimitive", ["Pose pose", "Vector3 size", "Color color"]),
        .init("SpherePrimitive", ["Pose pose", "Vector3 size", "Color color"]),
        .init(
            "CylinderPrimitive",
            ["Pose pose", "Vector3 size", "double bottom_scale", "double top_scale", "Color color"]),
        .init(
            "LinePrimitive",
            [
                "Type type", "Pose pose", "double thickness", "bool scale_invariant",
                "repeated Point3 points",
                "Color color", "repeated Color colors", "repeated fixed32 indices",
            ], values: ["LINE_STRIP", "LINE_LOOP", "LINE_LIST"]),
        .init(
            "TriangleListPrimitive",
            [
                "Pose pose", "repeated Point3 points", "Color color", "repeated Color colors",
                "repeated fixed32 indices",
            ]),
        .init(
            "TextPrimitive",
            [
                "Pose pose", "bool billboard", "double font_size", "bool scale_invariant", "Color color",
                "string text",
            ]),
        .init(
            "ModelPrimitive",
            [
                "Pose pose", "Vector3 scale", "Color color", "bool override_color", "string url",
                "string media_type", "bytes data",
            ]),
        .init(
            "SceneEntity",
            [
                time, "string frame_id", "string id", "google.protobuf.Duration lifetime",
                "bool frame_locked",
                "repeated KeyValuePair metadata", "repeated ArrowPrimitive arrows",
                "repeated CubePrimitive cubes", "repeated SpherePrimitive spheres",
                "repeated CylinderPrimitive cylinders", "repeated LinePrimitive lines",
                "repeated TriangleListPrimitive triangles", "repeated TextPrimitive texts",
                "repeated ModelPrimitive models",
            ]),
        .init("SceneEntityDeletion", [time, "Type type", "string id"], values: ["MATCHING_ID", "ALL"]),
        .init("SceneUpdate", ["repeated SceneEntityDeletion deletions", "repeated SceneEntity entities"]),
    ]

    /// The types as a set of files.
    static let set = ProtobufSchema.set(
        ProtobufSchema.times + [
            ProtobufSchema.File(
                name: "sinew/foxglove.proto", package: "foxglove", messages: messages,
                needs: ProtobufSchema.times.map(\.name))
        ])

    // MARK: Values, in the fields of those types

    static func time(_ nanoseconds: UInt64) -> [UInt8] {
        ProtobufWriter.message {
            $0.add(1, Int(nanoseconds / 1_000_000_000))
            $0.add(2, Int(nanoseconds % 1_000_000_000))
        }
    }

    static func vector(_ vector: Vector3) -> [UInt8] {
        ProtobufWriter.message { message in
            for (index, part) in vector.components.enumerated() { message.add(index + 1, part) }
        }
    }

    static func quaternion(_ turn: Quaternion) -> [UInt8] {
        ProtobufWriter.message { message in
            for (index, part) in [turn.x, turn.y, turn.z, turn.w].enumerated() {
                message.add(index + 1, part)
            }
        }
    }

    static func pose(_ pose: Pose) -> [UInt8] {
        ProtobufWriter.message {
            $0.add(1, vector(pose.position))
            $0.add(2, quaternion(pose.orientation))
        }
    }

    static func colour(_ colour: Colour) -> [UInt8] {
        ProtobufWriter.message {
            $0.add(1, Double(colour.light.x.squareRoot()))
            $0.add(2, Double(colour.light.y.squareRoot()))
            $0.add(3, Double(colour.light.z.squareRoot()))
            $0.add(4, 1.0)
        }
    }

    /// A surface as a TriangleListPrimitive.
    static func surface(_ solid: Solid) -> [UInt8] {
        ProtobufWriter.message {
            $0.add(1, pose(solid.pose))
            for point in solid.mesh.points {
                $0.add(2, vector(Vector3(Double(point.x), Double(point.y), Double(point.z))))
            }
            $0.add(3, colour(solid.colour))
            let corners = solid.mesh.triangles.flatMap { [$0.x, $0.y, $0.z] }
            $0.add(5, [UInt8](littleEndian: corners))
        }
    }

    /// A SceneEntity in a frame; `content` adds its primitives.
    static func entity(
        _ id: String, in frame: String, at time: UInt64, _ content: (inout ProtobufWriter) -> Void
    ) -> [UInt8] {
        ProtobufWriter.message {
            $0.add(1, Self.time(time))
            $0.add(2, frame)
            $0.add(3, id)
            $0.add(5, 1)
            content(&$0)
        }
    }
}
