// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Policies
import Scenes
import Tasks
import Training

/// A film of a run's best policy: the first episode of an evaluation, small enough for a page with others.
struct BestFilm {
    let run: PlannedRun

    private static let (width, height) = (320, 240)
    /// Pictures in a second, and the most seconds.
    private static let (rate, longest) = (12.5, 20.0)

    /// The film; nil, with a warning, where it cannot be made: a run does not fail for it.
    func make() -> RunFilm? {
        do {
            let source = try PolicySource(path: run.folder.path)
            let random = RandomStream(seed: run.recipe.seed, .evaluation)
            let environment = try run.scene.makeEnvironment(random)
            let filming = EpisodeFilming(environment, episodes: 1)
            _ = try Evaluation(
                of: NetworkPolicy(source.file), in: environment, episodes: 1, observer: filming,
                isStopped: { StopSignal.current != nil })
            let scene = try source.shown(run.scene, isAsked: false)
            let frames = filming.films.first?.frames ?? []
            let most = Int(Self.longest / scene.period) + 1
            let pictures = EpisodePictures(
                scene, Array(frames.prefix(most)), width: Self.width, height: Self.height)
            return pictures.map {
                RunFilm(width: Self.width, height: Self.height, gif: $0.gif(perSecond: Self.rate))
            }
        } catch is Evaluation.Stopped {
            return nil
        } catch {
            printError("no film of the best policy for TensorBoard: \(error)", "warning:", .yellow)
            return nil
        }
    }
}
