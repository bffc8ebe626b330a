// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Foundation
import Geometry
import Scenes
import Testing

/// Episodes as pictures: the robot is in them, wherever it goes.
struct EpisodePicturesTests {
    /// An episode of a shipped scene, of which `change` makes another.
    static func episode(
        _ name: String, steps: Int = 40, _ change: (Int, inout EpisodeFrame) -> Void = { _, _ in }
    ) throws -> (scene: EpisodeScene, frames: [EpisodeFrame]) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let scene = try Scene.load(named: name, in: SceneCatalog(folders: [folder]))
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 1, .environment))
        var roll = RollOut(environment)
        try roll.reset()
        var frames = [environment.frame(reward: 0)]
        while frames.count <= steps {
            let step = try roll.step { _, action in
                for index in action.indices { action[index] = 0 }
            }
            frames.append(environment.frame(reward: step.reward))
            guard !step.isLast else { break }
            roll.advance()
        }
        for index in frames.indices { change(index, &frames[index]) }
        return (EpisodeScene(scene), frames)
    }

    /// The mean place, from -1 to 1, and the share of the pixels that are darker than ground and sky.
    static func dark(_ picture: Picture) -> (x: Double, y: Double, share: Double) {
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let colour = picture[x, y]
                guard Int(colour.max()) - Int(colour.min()) > 60 || colour.max() < 110 else { continue }
                sumX += 2 * Double(x) / Double(picture.width) - 1
                sumY += 2 * Double(y) / Double(picture.height) - 1
                count += 1
            }
        }
        return (sumX / count, sumY / count, count / Double(picture.width * picture.height))
    }

    @Test(arguments: ["pendulum", "hopper", "quadruped", "ant", "reacher", "inverted-double-pendulum"])
    func `the robot is in the picture from the first to the last`(name: String) throws {
        let (scene, frames) = try Self.episode(name)
        let pictures = try #require(EpisodePictures(scene, frames, width: 160, height: 120))
        for index in [0, frames.count / 2, frames.count - 1] {
            let seen = Self.dark(pictures.picture(index))
            #expect(seen.share > 0.002 && seen.share < 0.5, "\(index): \(seen)")
            #expect(abs(seen.x) < 0.7 && abs(seen.y) < 0.8, "\(index): \(seen)")
        }
        let live = LivePictures(scene, first: frames[0], width: 160, height: 120)
        let seen = Self.dark(live.picture(frames[frames.count - 1]))
        #expect(seen.share > 0.0005 && abs(seen.x) < 0.9 && abs(seen.y) < 0.9, "live: \(seen)")
    }

    @Test func `the camera goes along with a robot that goes away, and its ground moves`() throws {
        let (scene, frames) = try Self.episode("quadruped") { index, frame in
            for link in frame.links.indices { frame.links[link].position.x += 0.097 * Double(index) }
        }
        let pictures = try #require(EpisodePictures(scene, frames, width: 160, height: 120))
        let (first, last) = (pictures.picture(0), pictures.picture(frames.count - 1))
        #expect(abs(Self.dark(first).x - Self.dark(last).x) < 0.1)
        // A corner where only ground is.
        let corner = (0..<40).map { first[$0, 110] != last[$0, 110] }
        #expect(corner.contains(true))
        // One that stays has the same ground.
        let (still, stays) = try Self.episode("pendulum")
        let fixed = try #require(EpisodePictures(still, stays, width: 160, height: 120))
        #expect((0..<160).allSatisfy { fixed.picture(0)[$0, 0] == fixed.picture(30)[$0, 0] })
    }

    @Test func `a film has its time, whatever its rate`() throws {
        let (scene, frames) = try Self.episode("hopper", steps: 50)
        let pictures = try #require(EpisodePictures(scene, frames, width: 32, height: 24))
        #expect(abs(pictures.duration - Double(frames.count - 1) * scene.period) < 1e-12)
        for rate in [7.0, 25, 30, 50] {
            let shown = try PictureFilesTests.frames(pictures.gif(perSecond: rate))
            let hundredths = shown.reduce(0) { $0 + $1.hundredths }
            // The last picture stays for a second more.
            #expect(abs(Double(hundredths) / 100 - 1 - pictures.duration) <= 1 / rate + 0.02)
            #expect(shown.count == pictures.indices(perSecond: rate).count)
        }
        let indices = pictures.indices(perSecond: 50)
        #expect(indices.first == 0 && indices == indices.sorted() && indices.allSatisfy { $0 < frames.count })
        #expect(EpisodePictures(scene, [], width: 32, height: 24) == nil)
    }

    @Test func `a strip shows different moments, the first and the last among them`() throws {
        let (scene, frames) = try Self.episode("pendulum", steps: 60)
        let pictures = try #require(EpisodePictures(scene, frames, width: 40, height: 30))
        let (strip, times) = pictures.strip(6)
        #expect((strip.width, strip.height) == (6 * 40 + 5 * 4, 30))
        #expect(times.count == 6 && times == times.sorted() && times.first == 0)
        #expect(abs((times.last ?? 0) - pictures.duration) < 1e-9)
        let alone = try #require(EpisodePictures(scene, [frames[0]], width: 40, height: 30))
        #expect(alone.strip(6).times == [0])
    }

    @Test func `outlines show boxes as areas, the ground and the target`() throws {
        let (scene, frames) = try Self.episode("quadruped")
        let strip = FigureStrip(scene, frames, count: 4, title: "a title").svg
        let elements = try SVGElement.all(in: strip)
        #expect(elements.count { $0.name == "polygon" } == 4)
        #expect(elements.count { $0.name == "line" && $0.attributes["class"] == "axis" } >= 4)
        #expect(strip.contains("a title; the view moves along with the robot"))
        let (arm, moves) = try Self.episode("reacher")
        let other = FigureStrip(arm, moves, count: 3, title: "an arm").svg
        #expect(other.contains(">an arm<"))
        #expect(try SVGElement.all(in: other).count { $0.attributes["stroke"] == "#d64d5e" } == 3)
    }
}
