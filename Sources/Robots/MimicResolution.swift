// SPDX-License-Identifier: MIT

internal import Settings

/// Which joint follows which (`<mimic>`): chains are led back to the joint that leads them all, and what limits a follower limits its leader.
struct MimicResolution {
    private let findings: Findings
    private var joints: [URDFJoint]
    private let indices: [String: Int]

    static func resolve(_ joints: inout [URDFJoint], _ findings: Findings) {
        guard joints.contains(where: { $0.mimic != nil }) else { return }
        var resolution = MimicResolution(joints, findings)
        resolution.checkNames()
        resolution.checkCircles()
        guard !findings.hasErrors else { return }
        resolution.shortenChains()
        resolution.shareLimits()
        joints = resolution.joints
    }

    /// What follows a joint that does not move is fixed where that has it.
    static func weld(_ joints: inout [URDFJoint], _ findings: Findings) {
        let welded = joints.filter { $0.isOneAxis && $0.isWelded }
        let places = Dictionary(
            welded.map { ($0.name, $0.lockedAt ?? 0) }, uniquingKeysWith: { first, _ in first })
        for index in joints.indices {
            guard let mimic = joints[index].mimic, let place = places[mimic.joint] else { continue }
            let position = mimic.multiplier * place + mimic.offset
            findings.warn(
                mimic.line, "\(joints[index].path) <mimic>",
                "follows '\(mimic.joint)', which does not move; the joint is fixed at \(position)")
            (joints[index].lockedAt, joints[index].mimic) = (position, nil)
        }
    }

    private init(_ joints: [URDFJoint], _ findings: Findings) {
        (self.joints, self.findings) = (joints, findings)
        indices = Dictionary(
            joints.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func path(_ index: Int) -> String { "\(joints[index].path) <mimic>" }

    private mutating func checkNames() {
        for index in joints.indices {
            guard let mimic = joints[index].mimic else { continue }
            guard let leader = indices[mimic.joint] else {
                findings.error(
                    mimic.line, path(index), "follows '\(mimic.joint.shortened)', but there is no such joint",
                    NearestName.remedy(
                        mimic.joint, in: joints.map(\.name).filter { $0 != joints[index].name }))
                continue
            }
            if leader == index {
                findings.error(
                    mimic.line, path(index), "follows itself", "name the joint that leads it")
            } else if !joints[leader].isOneAxis {
                findings.error(
                    mimic.line, path(index),
                    "follows '\(mimic.joint)', which is \(joints[leader].kind.rawValue): there is no position to follow",
                    "make this joint fixed too, or follow one that moves")
            } else if joints[index].lockedAt != nil {
                // Its own limits hold it in one place, which was said.
                joints[index].mimic = nil
            }
        }
    }

    private func checkCircles() {
        guard !findings.hasErrors else { return }
        for start in joints.indices {
            var circle = [start]
            while let next = leader(of: circle[circle.count - 1]), !circle.contains(next) {
                circle.append(next)
            }
            // Each circle once, from its first joint on.
            guard leader(of: circle[circle.count - 1]) == start, start == circle.min() else { continue }
            findings.error(
                joints[start].mimic?.line, path(start),
                "follows itself in a circle: \((circle + [start]).map { "'\(joints[$0].name)'" }.joined(separator: ", "))",
                "let one of them lead")
        }
    }

    private func leader(of index: Int) -> Int? { joints[index].mimic.flatMap { indices[$0.joint] } }

    /// q = m (n p + b) + a is one of multiplier m n and offset m b + a.
    private mutating func shortenChains() {
        for index in joints.indices {
            guard var mimic = joints[index].mimic else { continue }
            while let leader = indices[mimic.joint], let next = joints[leader].mimic {
                mimic.offset += mimic.multiplier * next.offset
                mimic.multiplier *= next.multiplier
                mimic.joint = next.joint
            }
            joints[index].mimic = mimic
        }
        for index in joints.indices {
            guard let mimic = joints[index].mimic else { continue }
            if mimic.multiplier == 0 {
                findings.warn(
                    mimic.line, path(index), "its multiplier is 0: the joint is fixed at \(mimic.offset)",
                    "make it fixed")
                (joints[index].lockedAt, joints[index].mimic) = (mimic.offset, nil)
            } else if !(1e-6...1e6).contains(abs(mimic.multiplier)) || abs(mimic.offset) > 1e6 {
                findings.error(
                    mimic.line, path(index),
                    "follows '\(mimic.joint)' by \(mimic.multiplier) and \(mimic.offset), which is out of reach",
                    "a multiplier is from 1e-6 to 1e6, or negative so")
            }
        }
    }

    // MARK: Limits

    private struct Range {
        var low: Double, high: Double
        var hasRoom: Bool { high - low > 1e-6 }

        init(_ joint: URDFJoint) {
            (low, high) = (joint.lower ?? -.infinity, joint.upper ?? .infinity)
        }

        /// That of `multiplier` times its positions plus `offset`.
        func mapped(_ multiplier: Double, _ offset: Double) -> Range {
            var mapped = self
            let ends = [multiplier * low + offset, multiplier * high + offset]
            (mapped.low, mapped.high) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
            return mapped
        }
    }

    /// A follower's limits, in the leader's positions, limit it too; then followers have what that leaves.
    private mutating func shareLimits() {
        for index in joints.indices {
            guard let mimic = joints[index].mimic, let leader = indices[mimic.joint] else { continue }
            let own = Range(joints[index]).mapped(1 / mimic.multiplier, -mimic.offset / mimic.multiplier)
            let led = Range(joints[leader])
            var both = led
            (both.low, both.high) = (max(led.low, own.low), min(led.high, own.high))
            guard both.hasRoom else {
                let fitting = led.mapped(mimic.multiplier, mimic.offset)
                findings.warn(
                    mimic.line, path(index),
                    "its limits, \(words(Range(joints[index]))), leave no room to follow '\(mimic.joint)' within \(words(led)); they are not used",
                    "limits that fit are \(words(fitting))")
                continue
            }
            if both.low > led.low + 1e-6 || both.high < led.high - 1e-6 {
                findings.note(
                    mimic.line, path(index),
                    "its limits, \(words(Range(joints[index]))), hold '\(mimic.joint)' within \(words(both))")
            }
            joints[leader].lower = both.low.isFinite ? both.low : nil
            joints[leader].upper = both.high.isFinite ? both.high : nil
        }
        for index in joints.indices {
            guard let mimic = joints[index].mimic, let leader = indices[mimic.joint] else { continue }
            let range = Range(joints[leader]).mapped(mimic.multiplier, mimic.offset)
            joints[index].lower = range.low.isFinite ? range.low : nil
            joints[index].upper = range.high.isFinite ? range.high : nil
        }
    }

    private func words(_ range: Range) -> String { "\(range.low.digits) to \(range.high.digits)" }
}
