// SPDX-License-Identifier: MIT

package import Scenes

/// The pictures of an episode.
package final class EpisodePictures {
    /// How long it lasts, s.
    package let duration: Double
    private let frames: [EpisodeFrame]
    private let stage: EpisodeStage
    private let path: CameraPath
    private let rasteriser: Rasteriser

    /// Makes them of frames, at least one, in pixels.
    package init?(_ scene: EpisodeScene, _ frames: [EpisodeFrame], width: Int, height: Int) {
        guard let first = frames.first else { return nil }
        self.frames = frames
        duration = Double(frames.count - 1) * scene.period
        stage = EpisodeStage(scene, first: first)
        path = CameraPath(stage, frames, aspect: Double(width) / Double(max(height, 1)))
        rasteriser = Rasteriser(width: width, height: height)
    }

    /// The picture of a frame.
    package func picture(_ index: Int) -> Picture {
        let index = min(max(index, 0), frames.count - 1)
        return rasteriser.draw(stage.stage(frames[index]), from: path.camera(index))
    }

    /// The frames that are shown at this rate, from the first on.
    package func indices(perSecond rate: Double) -> [Int] {
        let period = stage.scene.period
        let count = max(1, Int((duration * rate).rounded(.down)) + 1)
        return (0..<count).map { min(frames.count - 1, Int((Double($0) / (rate * period)).rounded())) }
    }

    /// Some moments beside each other, taken so that the robot moves about as much between any two.
    package func strip(_ count: Int) -> (picture: Picture, times: [Double]) {
        let chosen = EpisodeMoments.indices(frames, count: count)
        return (Picture.row(chosen.map(picture)), chosen.map { Double($0) * stage.scene.period })
    }

    /// The episode as a GIF file.
    package func gif(perSecond rate: Double) -> [UInt8] {
        let shown = indices(perSecond: rate)
        // Colours are chosen for a dozen pictures of all.
        let every = max(1, shown.count / 12)
        let samples = shown.enumerated().filter { $0.offset % every == 0 }.map { picture($0.element) }
        var film = GIF(like: samples)
        for (place, index) in shown.enumerated() {
            let (start, end) = (Double(place) * 100 / rate, Double(place + 1) * 100 / rate)
            // The end stays for a second.
            let pause = place == shown.count - 1 ? 100 : 0
            film.add(picture(index), hundredths: Int(end.rounded()) - Int(start.rounded()) + pause)
        }
        return film.bytes
    }
}

/// Pictures of an episode that goes on: each is made of a frame as it comes.
package final class LivePictures {
    private let stage: EpisodeStage
    private let path: CameraPath
    private let rasteriser: Rasteriser

    /// Makes them of an episode that begins so, in pixels.
    package init(_ scene: EpisodeScene, first: EpisodeFrame, width: Int, height: Int) {
        stage = EpisodeStage(scene, first: first)
        path = CameraPath(stage, live: first, aspect: Double(width) / Double(max(height, 1)))
        rasteriser = Rasteriser(width: width, height: height)
    }

    /// The picture of a frame.
    package func picture(_ frame: EpisodeFrame) -> Picture {
        rasteriser.draw(stage.stage(frame), from: path.camera(along: frame))
    }
}
