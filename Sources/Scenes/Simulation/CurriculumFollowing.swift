// SPDX-License-Identifier: MIT

public import Environments
internal import Geometry
internal import Physics

// What a curriculum makes of its scene: the commands, the randomisation and the level of the episode that begins.

extension SimulatedEnvironment {
    /// Begins easy and gets harder, where the scene has a curriculum; as one of `count` environments of a run.
    public func followCurriculum(among count: Int) { curriculumState?.follow(among: count) }

    /// How far it is: `curriculum_commands`, `curriculum_randomise` and `terrain_level` where the scene has them.
    public var curriculum: [CurriculumFigure] {
        guard let curriculum = scene.curriculum, let state = curriculumState else { return [] }
        var figures: [CurriculumFigure] = []
        if curriculum.commands != nil {
            figures.append(.init(name: "curriculum_commands", value: state.isFollowed ? state.width : 1))
        }
        if curriculum.randomisation != nil {
            figures.append(
                .init(name: "curriculum_randomise", value: state.share(of: curriculum.randomisation)))
        }
        if curriculum.terrain != nil {
            figures.append(.init(name: "terrain_level", value: Double(state.level)))
        }
        return figures
    }

    /// The level of the terrain as a share of the highest, within 0...1; nil where an episode may be anywhere.
    package var terrainLevel: Double? {
        guard let levels = scene.curriculum?.terrain, let state = curriculumState, state.isFollowed else {
            return nil
        }
        return Double(state.level) / Double(levels.count - 1)
    }

    /// The scene's commands with the ranges that they have now.
    var commandSettings: CommandSettings? {
        guard let first = scene.curriculum?.commands, let state = curriculumState, state.isFollowed,
            state.width < 1
        else { return scene.commands }
        var commands = scene.commands
        commands?.widen(from: first, by: state.width)
        return commands
    }

    /// What differs from episode to episode now.
    var randomisation: Randomisation {
        let share = curriculumState?.share(of: scene.curriculum?.randomisation) ?? 1
        return share < 1 ? scene.randomisation.eased(to: share, scene) : scene.randomisation
    }

    /// Takes the step that was done last into the curriculum, and the episode where it was its last.
    func countForCurriculum() {
        guard let curriculum = scene.curriculum, curriculumState?.isFollowed == true else { return }
        let (command, velocity) = (state.episode.command, state.after.inBase(state.after.baseVelocity))
        let speed = (command.x * command.x + command.y * command.y).squareRoot()
        let along = speed > 0 ? (command.x * velocity.x + command.y * velocity.y) / speed : 0
        for (number, index) in curriculumTerms.enumerated() {
            curriculumState?.count(score: rewardTerms[index] / scene.reward[index].weight, number)
        }
        curriculumState?.count(wished: speed * state.period, walked: along * state.period)
        guard state.episode.isOver else { return }
        curriculumState?.endEpisode(curriculum, wholeSteps: scene.episodeSteps, random: &random)
    }
}

extension CommandSettings {
    /// Sets the ranges that are a share of the way from those of the curriculum's beginning to these.
    fileprivate mutating func widen(from first: Curriculum.Widening, by share: Double) {
        if let range = first.linearVelocityX {
            linearVelocityX = range.widened(to: linearVelocityX, by: share)
        }
        if let range = first.linearVelocityY {
            linearVelocityY = range.widened(to: linearVelocityY, by: share)
        }
        if let range = first.angularVelocityZ {
            angularVelocityZ = range.widened(to: angularVelocityZ, by: share)
        }
    }
}

extension Randomisation {
    /// The same with ranges that are a share of these, about what holds without them.
    fileprivate func eased(to share: Double, _ scene: Scene) -> Randomisation {
        var eased = self
        eased.mass = mass?.eased(to: share, about: 1)
        eased.baseMass = baseMass?.eased(to: share, about: 0)
        eased.friction = friction?.eased(to: share, about: 1)
        eased.motorStrength = motorStrength?.eased(to: share, about: 1)
        eased.contactTimeConstant = contactTimeConstant?.eased(
            to: share, about: scene.contactMaterial.softness.timeConstant)
        eased.latency = latency.map {
            Int((share * Double($0.lowerBound)).rounded())...Int((share * Double($0.upperBound)).rounded())
        }
        eased.push?.speed *= share
        return eased
    }
}

extension ClosedRange<Double> {
    /// The range that is a share of the way from this one to a wider one.
    fileprivate func widened(to whole: Self, by share: Double) -> Self {
        let low = lowerBound + share * (whole.lowerBound - lowerBound)
        return low...Swift.max(low, upperBound + share * (whole.upperBound - upperBound))
    }

    /// The range that is a share of the way from one number to this one.
    fileprivate func eased(to share: Double, about neutral: Double) -> Self {
        (neutral...neutral).widened(to: self, by: share)
    }
}
