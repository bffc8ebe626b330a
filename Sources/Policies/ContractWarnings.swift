// SPDX-License-Identifier: MIT

extension Contract {
    /// What whoever deploys the policy should know before, a sentence each: numbers of the observation that training says nothing
    /// about.
    public var warnings: [String] {
        observations.compactMap { observation in
            let value = "\(observation.mean) \(observation.unit)"
            if observation.constant == true {
                return
                    "observation '\(observation.name)' never varied in training, it was always \(value): the policy knows of "
                    + "no other value; leave it out, or let it vary"
            }
            // What version 0.1.0 made of a number that did not vary: a deviation of 1e-4, whatever the unit.
            guard observation.std <= 1.415e-4, observation.bins == nil else { return nil }
            return
                "observation '\(observation.name)' hardly varied in training, it was about \(value): a change by 0.001 is "
                + "\((0.001 / observation.std).rounded()) deviations to the policy; train again without it, or let it vary"
        }
    }
}
