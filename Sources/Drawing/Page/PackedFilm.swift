// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes
internal import Settings

/// An episode as a page holds it: about 14 bytes for each link in each frame, and 2 for each other number.
struct PackedFilm {
    private let scene: EpisodeScene
    private let film: EpisodeFilm
    /// The frames that the page has, by their numbers.
    private let kept: [Int]

    /// No more frames than this in a second are kept: nobody sees more.
    private static let mostFramesInASecond = 125.0

    init(_ film: EpisodeFilm, of scene: EpisodeScene) {
        (self.film, self.scene) = (film, scene)
        let every = max(1, Int(1 / (scene.period * Self.mostFramesInASecond)))
        // The end is always there.
        let last = film.frames.count - 1
        kept = film.frames.indices.filter { ($0 - last) % every == 0 || $0 == 0 }
    }

    var json: JSONValue {
        let frames = kept.map { film.frames[$0] }
        let reach = self.reach(frames)
        return .object([
            ("return", .number(film.episodeReturn.isFinite ? film.episodeReturn : 0)),
            ("end", .text(film.end.rawValue)),
            ("steps", Packing.text(kept.map { UInt32($0) })),
            ("roots", Packing.text(frames.flatMap { root($0).components.map { Float($0) } })),
            ("reach", .number(reach)), ("places", Packing.text(places(frames, reach))),
            ("turns", Packing.text(turns(frames))), ("numbers", Packing.table(rows)),
            ("contacts", contacts(frames, reach)), ("targets", targets(frames)),
        ])
    }

    private func root(_ frame: EpisodeFrame) -> Vector3 { frame.links.first?.position ?? .zero }

    /// The farthest that anything is from the root, along any axis.
    private func reach(_ frames: [EpisodeFrame]) -> Double {
        frames.reduce(1e-6) { reach, frame in
            (frame.links.map(\.position) + frame.contacts.map(\.point)).reduce(reach) {
                ($1 - root(frame)).components.reduce($0) { max($0, abs($1)) }
            }
        }
    }

    private func places(_ frames: [EpisodeFrame], _ reach: Double) -> [Int16] {
        frames.flatMap { frame in
            frame.links.flatMap {
                ($0.position - root(frame)).components.map { Packing.short($0, of: reach) }
            }
        }
    }

    private func turns(_ frames: [EpisodeFrame]) -> [Int16] {
        frames.flatMap { frame in
            frame.links.flatMap { link in
                let turn = link.orientation
                return [turn.w, turn.x, turn.y, turn.z].map { Packing.short($0, of: 1) }
            }
        }
    }

    /// Return so far, reward's terms, joints, action, velocity and command; the terms are means over the steps since the frame before.
    private var rows: [[Double]] {
        var (rows, sum, next) = ([[Double]](), 0.0, 0)
        for index in kept {
            let passed = film.frames[next...index]
            next = index + 1
            sum += passed.reduce(0) { $0 + $1.reward }
            let terms = scene.rewardTerms.indices.map { term in
                passed.reduce(0) { $0 + $1.rewardTerms[term] } / Double(passed.count)
            }
            let frame = film.frames[index]
            rows.append(
                [sum] + terms + frame.jointPositions + frame.action + frame.velocity.components
                    + (frame.command?.components ?? []))
        }
        return rows
    }

    /// How many each frame has; of each the link, then place and force, each coordinate in 16 bits.
    private func contacts(_ frames: [EpisodeFrame], _ reach: Double) -> JSONValue {
        let strongest = frames.flatMap(\.contacts).reduce(0) { max($0, $1.force.length) }
        var values: [Int16] = []
        for frame in frames {
            for contact in frame.contacts {
                values.append(Int16(clamping: contact.link))
                values += (contact.point - root(frame)).components.map { Packing.short($0, of: reach) }
                values += contact.force.components.map { Packing.short($0, of: strongest) }
            }
        }
        return .object([
            ("counts", Packing.text(frames.map { Int16(clamping: $0.contacts.count) })),
            ("strongest", .number(strongest.isFinite ? strongest : 0)), ("values", Packing.text(values)),
        ])
    }

    /// The target of each frame, or one where it stays.
    private func targets(_ frames: [EpisodeFrame]) -> JSONValue {
        let targets = frames.compactMap(\.target)
        let stays = targets.allSatisfy { $0 == targets.first }
        return Packing.text(
            (stays ? Array(targets.prefix(1)) : targets).flatMap { target in
                let turn = target.orientation
                return (target.position.components + [turn.w, turn.x, turn.y, turn.z]).map { Float($0) }
            })
    }
}
