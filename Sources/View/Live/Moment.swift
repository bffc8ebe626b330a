// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
internal import Scenes

/// What there is to see now, as the page gets it: numbers of 32 bits, low byte first, in the order that live_episode.js reads.
struct Moment {
    /// The time of the episode, s.
    var time: Double
    /// The rewards so far.
    var total: Double
    var frame: EpisodeFrame

    var bytes: [UInt8] {
        var numbers = [time, total, frame.reward]
        for pose in frame.links + (frame.target.map { [$0] } ?? []) {
            let turn = pose.orientation
            numbers += pose.position.components + [turn.w, turn.x, turn.y, turn.z]
        }
        numbers += frame.jointPositions + frame.action + frame.rewardTerms + frame.velocity.components
        numbers += frame.command?.components ?? []
        for contact in frame.contacts {
            numbers += [Double(contact.link)] + contact.point.components + contact.force.components
        }
        return [UInt8](littleEndian: numbers.map { Float($0).bitPattern })
    }
}
