// SPDX-License-Identifier: MIT

internal import Environments

/// How far an environment is in its scene's curriculum, and how the episode that runs has done; all of it is saved.
struct CurriculumState: Equatable {
    /// The environments of the run, which make its steps together; 0 where the curriculum is not followed: all is as hard as it gets.
    private(set) var environments = 0
    /// Control steps of this environment.
    private(set) var steps = 0
    /// How far the ranges of commands are on their way to the whole ones, within 0...1.
    private(set) var width = 0.0
    /// The level of the terrain.
    private(set) var level = 0
    /// The sums over the episode of the terms that widen the commands.
    private var scores: [Double]
    /// The ways (m) that the episode was to go and went along the commands, and its steps.
    private var wished = 0.0
    private var walked = 0.0
    private var episodeSteps = 0

    init(_ curriculum: Curriculum) {
        scores = (curriculum.commands?.terms ?? []).map { _ in 0 }
    }

    private static let mostEnvironments = 1_000_000

    var isFollowed: Bool { environments > 0 }

    /// Begins to be followed, as one of so many environments of a run.
    mutating func follow(among count: Int) { environments = min(max(count, 1), Self.mostEnvironments) }

    mutating func beginEpisode() {
        for index in scores.indices { scores[index] = 0 }
        (wished, walked, episodeSteps) = (0, 0, 0)
    }

    /// Takes in what the term with this number, of those that widen the commands, was in a step.
    mutating func count(score: Double, _ number: Int) { scores[number] += score }

    /// Takes in a step: how far (m) the robot was to go, and how far it went along that.
    mutating func count(wished: Double, walked: Double) {
        self.wished += wished
        self.walked += walked
        steps += 1
        episodeSteps += 1
    }

    /// Goes on to what is harder, or easier, after an episode of a scene whose whole episodes have `wholeSteps`.
    mutating func endEpisode(_ curriculum: Curriculum, wholeSteps: Int, random: inout RandomStream) {
        if let commands = curriculum.commands,
            scores.allSatisfy({ $0 / Double(wholeSteps) >= commands.above })
        {
            width = min(1, width + commands.step)
        }
        guard let terrain = curriculum.terrain, wished > 0, episodeSteps > 0 else { return }
        // One that ended early was to go on.
        let share = walked / (wished * Double(wholeSteps) / Double(episodeSteps))
        if share >= terrain.up {
            // Who can do all of them is sent anywhere, so that nothing is forgotten.
            level = level + 1 < terrain.count ? level + 1 : random.index(below: terrain.count)
        } else if share < terrain.down {
            level = max(0, level - 1)
        }
    }

    /// The share of what is randomised, within 0...1.
    func share(of ramp: Curriculum.Ramp?) -> Double {
        guard let ramp, isFollowed else { return 1 }
        let stepsOfRun = Double(steps) * Double(environments)
        return min(1, max(0, (stepsOfRun - Double(ramp.from)) / Double(ramp.to - ramp.from)))
    }

    // MARK: Saving

    /// All of it as numbers, in a fixed order.
    var numbers: [Double] {
        [Double(environments), Double(steps), width, Double(level), wished, walked, Double(episodeSteps)]
            + scores
    }

    /// Takes numbers that `numbers` of a state of the same curriculum gave; false, and nothing taken, where they are not such.
    mutating func take(_ numbers: [Double], of curriculum: Curriculum) -> Bool {
        guard numbers.count == self.numbers.count, numbers.allSatisfy(\.isFinite),
            let environments = Int(exactly: numbers[0]), (0...Self.mostEnvironments).contains(environments),
            let steps = Int(exactly: numbers[1]), (0...Scene.longestWait).contains(steps),
            (0...1).contains(numbers[2]),
            let level = Int(exactly: numbers[3]), (0..<(curriculum.terrain?.count ?? 1)).contains(level),
            let episodeSteps = Int(exactly: numbers[6]), (0...Scene.longestWait).contains(episodeSteps)
        else { return false }
        (self.environments, self.steps, width, self.level) = (environments, steps, numbers[2], level)
        (wished, walked, self.episodeSteps) = (numbers[4], numbers[5], episodeSteps)
        scores = Array(numbers.dropFirst(7))
        return true
    }
}

extension CurriculumState? {
    /// As above; where there is no curriculum, there are no numbers.
    mutating func take(_ numbers: [Double], of curriculum: Curriculum?) -> Bool {
        guard let curriculum, self != nil else { return numbers.isEmpty }
        return self?.take(numbers, of: curriculum) ?? false
    }
}
