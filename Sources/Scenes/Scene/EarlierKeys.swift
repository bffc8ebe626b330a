// SPDX-License-Identifier: MIT

internal import Settings

/// Keys of earlier scenes whose meaning has a new form: their values are taken over, with a note.
///
/// `physics.contact_erp` and `joint_erp` were the shares of an error that a step takes off: a share s in steps of h seconds is a time
/// constant of h / s.
enum EarlierKeys {
    private static let shares = [(old: "contact_erp", block: "contact"), (old: "joint_erp", block: "stops")]

    /// The tree of a scene with what earlier versions wrote in today's words.
    static func translate(_ root: inout Setting, _ findings: Findings) {
        guard let physics = root["physics"], let entries = physics.entries else { return }
        var gone: [String] = []
        for (old, block) in shares {
            guard let share = physics[old] else { continue }
            guard let value = share.number, value > 0, value <= 1, let step = physics["time_step"]?.number,
                step > 0, root[block]?["time_constant"] == nil
            else { continue }
            let seconds = max(step / value, 2 * step)
            findings.note(
                share, "means \(block).time_constant: \(seconds) at this time step",
                "write that: it does not change with time_step")
            root.set("time_constant", in: block, to: seconds, like: share)
            gone.append(old)
        }
        if let cfm = physics["cfm"] {
            findings.note(cfm, "is no setting any more: bearings do not give way", "remove it")
            gone.append("cfm")
        }
        guard !gone.isEmpty else { return }
        let kept = Setting(
            .mapping(entries.filter { !gone.contains($0.key) }), path: physics.path, line: physics.line)
        root.replace("physics", by: kept)
    }
}

extension Setting {
    /// Puts a number into a block of this mapping, which is made where it is not there; it stands where `other` does.
    fileprivate mutating func set(_ key: String, in block: String, to number: Double, like other: Setting) {
        let place = place(of: block)
        let entry = Entry(
            key: key,
            value: Setting(
                .scalar(Scalar("\(number)", isQuoted: false)), path: place.path(of: key), line: other.line))
        let kept = place.entries ?? []
        replace(
            block, by: Setting(.mapping(kept + [entry]), path: place.path, line: place.line ?? other.line))
    }

    /// Gives a key of this mapping another value, or adds it.
    fileprivate mutating func replace(_ key: String, by setting: Setting) {
        guard var entries else { return }
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = setting
        } else {
            entries.append(Entry(key: key, value: setting))
        }
        value = .mapping(entries)
    }
}
