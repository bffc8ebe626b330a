// SPDX-License-Identifier: MIT

internal import Files

/// What Protobuf messages of some types are made of, as files tell it to readers that do not know them: a FileDescriptorSet.
struct ProtobufSchema {
    /// A type: its fields in the order of their numbers, which count from 1, each as `double x`, `repeated Point3 points`,
    /// `optional double effort` or `Type type`; and the types that stand in it.
    struct Message {
        var name: String
        var fields: [String]
        /// The values of an enumeration `Type` inside of it, from 0 on.
        var values: [String] = []

        init(_ name: String, _ fields: [String], values: [String] = []) {
            (self.name, self.fields, self.values) = (name, fields, values)
        }
    }

    /// A file of types of one package, and the files that it needs.
    struct File {
        var name, package: String
        var messages: [Message]
        var needs: [String] = []
    }

    /// The numbers of `google.protobuf.FieldDescriptorProto.Type`.
    private static let kinds = [
        "double": 1, "int64": 3, "int32": 5, "fixed32": 7, "bool": 8, "string": 9, "bytes": 12,
    ]
    private static let (message, enumeration) = (11, 14)

    /// Timestamp and Duration, as Google's files have them.
    static let times = ["timestamp", "duration"].map { name in
        File(
            name: "google/protobuf/\(name).proto", package: "google.protobuf",
            messages: [
                Message(name.prefix(1).uppercased() + name.dropFirst(), ["int64 seconds", "int32 nanos"])
            ])
    }

    /// The set of these files, each after those that it needs.
    static func set(_ files: [File]) -> [UInt8] {
        ProtobufWriter.message { set in
            for file in files { set.add(1) { add(file, to: &$0) } }
        }
    }

    private static func add(_ file: File, to descriptor: inout ProtobufWriter) {
        descriptor.add(1, file.name)
        descriptor.add(2, file.package)
        for name in file.needs { descriptor.add(3, name) }
        for message in file.messages {
            descriptor.add(4) { add(message, "." + file.package, to: &$0) }
        }
        descriptor.add(12, "proto3")
    }

    private static func add(_ message: Message, _ package: String, to descriptor: inout ProtobufWriter) {
        descriptor.add(1, message.name)
        var optional = 0
        for (index, field) in message.fields.enumerated() {
            let words = field.split(separator: " ").map(String.init)
            guard let name = words.last else { continue }
            let type = words[max(words.count - 2, 0)]
            let isOptional = words.first == "optional"
            descriptor.add(2) { field in
                field.add(1, name)
                field.add(3, index + 1)
                field.add(4, words.first == "repeated" ? 3 : 1)
                if let kind = kinds[type] {
                    field.add(5, kind)
                } else {
                    let isOwn = type == "Type"
                    field.add(5, isOwn ? enumeration : Self.message)
                    let place = isOwn ? "\(package).\(message.name)" : package
                    field.add(6, type.contains(".") ? "." + type : "\(place).\(type)")
                }
                if isOptional {
                    field.add(9, optional)
                    field.add(17, 1)
                }
            }
            if isOptional { optional += 1 }
        }
        if !message.values.isEmpty {
            descriptor.add(4) { type in
                type.add(1, "Type")
                for (number, value) in message.values.enumerated() {
                    type.add(2) {
                        $0.add(1, value)
                        $0.add(2, number)
                    }
                }
            }
        }
        // An optional field is the only one of a choice with its name.
        for field in message.fields where field.hasPrefix("optional ") {
            descriptor.add(8) { $0.add(1, "_" + (field.split(separator: " ").last ?? "")) }
        }
    }
}
