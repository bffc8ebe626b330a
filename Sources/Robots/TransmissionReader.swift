// SPDX-License-Identifier: MIT

internal import Settings

/// Reads `<transmission>` elements where they say something of a joint: a rotor behind its gear, and a reduction that limits are not of.
struct TransmissionReader {
    let findings: Findings

    func read(_ root: XMLElement, into joints: inout [URDFJoint]) {
        for element in root.all("transmission") {
            for moved in element.all("joint") {
                guard let name = moved.attributes["name"],
                    let index = joints.firstIndex(where: { $0.name == name })
                else { continue }
                let parts = [moved] + element.all("actuator")
                readRotor(parts, into: &joints[index])
                noteReduction(parts, of: joints[index])
            }
        }
    }

    /// Drake's words: the inertia of a motor's rotor, which its joint feels by the square of the gear.
    private func readRotor(_ parts: [XMLElement], into joint: inout URDFJoint) {
        func number(_ name: String) -> Double? {
            parts.lazy.compactMap { $0.first("drake:" + name) }.first.flatMap {
                URDFNumbers(findings: findings).number($0, "value", in: joint.path, allowed: .notNegative)
            }
        }
        guard let rotor = number("rotor_inertia"), rotor > 0 else { return }
        let gear = number("gear_ratio") ?? 1
        joint.armature = gear * gear * rotor
        findings.note(
            parts[0].line, joint.path,
            "its rotor of \(rotor.digits) kg m² behind a gear of \(gear.digits) is taken as an armature of \(joint.armature.digits) kg m²"
        )
    }

    /// Effort, speed and position of a joint are those behind its gear, whatever the reduction.
    private func noteReduction(_ parts: [XMLElement], of joint: URDFJoint) {
        guard
            let line = parts.lazy.compactMap({ $0.first("mechanicalReduction") }).first(where: { element in
                Scalar.number(element.text.filter { !$0.isWhitespace }).map { abs($0) != 1 } ?? false
            })
        else { return }
        findings.note(
            line.line, joint.path,
            "its reduction of \(line.text.filter { !$0.isWhitespace }) is not used: effort and velocity are taken as behind the gear",
            "write effort and velocity of the joint, not of its motor")
    }
}
