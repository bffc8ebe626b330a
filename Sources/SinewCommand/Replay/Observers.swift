// SPDX-License-Identifier: MIT

import Environments
import Training

/// Several who look at the same episodes, one after the other.
final class Observers: EpisodeObserver {
    private let observers: [any EpisodeObserver]

    init(_ observers: [any EpisodeObserver]) { self.observers = observers }

    func begin(episode: Int) throws {
        for observer in observers { try observer.begin(episode: episode) }
    }

    func observe(episode: Int, observation: [Float], action: [Float], step: Step) throws {
        for observer in observers {
            try observer.observe(episode: episode, observation: observation, action: action, step: step)
        }
    }
}
