// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// What a file says of one joint.
package struct JointValue<Value: Sendable & Equatable>: Sendable, Equatable {
    package var joint: JointReference
    package var value: Value
}

extension Format {
    /// A mapping from names of joints.
    static func byJoint<Item>(_ item: Format<Item>) -> Format where Value == [JointValue<Item>] {
        let shape = SettingShape.mapping(of: "joint", item.shape)
        return Format(
            shape,
            encode: { values in
                .mapping(
                    values.compactMap { value in
                        item.encode(value.value).map { .init(key: value.joint.name, value: Setting($0)) }
                    })
            },
            decode: { setting, decoder in
                decoder.byName(setting, shape, .joint, item)?.map { JointValue(joint: $0, value: $1) }
            })
    }

    /// A mapping from names of links, as shapes have them in the file.
    static func byLink<Item>(_ item: Format<Item>) -> Format where Value == [String: Item] {
        let shape = SettingShape.mapping(of: "link", item.shape)
        return Format(
            shape,
            encode: { values in
                .mapping(
                    values.sorted { $0.key < $1.key }.compactMap { name, value in
                        item.encode(value).map { .init(key: name, value: Setting($0)) }
                    })
            },
            decode: { setting, decoder in
                guard let found = decoder.byName(setting, shape, .link, item) else { return nil }
                return Dictionary(found.map { ($0.name, $1) }) { first, _ in first }
            })
    }
}

extension Decoder {
    /// The entries of a mapping from names; those that are wrong are reported and left out.
    fileprivate func byName<Name, Item>(
        _ setting: Setting, _ shape: SettingShape, _ name: Format<Name>, _ item: Format<Item>
    ) -> [(Name, Item)]? {
        guard let entries = setting.entries else { return refuse(setting, shape) }
        return entries.compactMap { entry in
            var key = entry.value
            key.value = .scalar(Scalar(entry.key))
            let name = name.decode(key, self)
            guard let value = item.decode(entry.value, self), let name else { return nil }
            return (name, value)
        }
    }
}
