// SPDX-License-Identifier: MIT

internal import Settings

// What commands and curriculum cannot mean together with the rest of their scene.

extension SceneMeaning {
    static let curriculum: [SceneMeaning] = [
        .refuse("commands.least_speed", where: "no command is so fast") { scene in
            guard let commands = scene.commands, commands.leastSpeed > commands.greatestSpeed else {
                return nil
            }
            return (
                "no command is as fast as \(commands.leastSpeed.digits) m/s: at most \(commands.greatestSpeed.digits)",
                "lower it, or widen lin_vel_x"
            )
        },
        .refuse("only_positive_rewards", where: "no weight is above 0, so every reward is 0") { scene in
            guard scene.onlyPositiveRewards, !scene.reward.isEmpty,
                scene.reward.allSatisfy({ $0.weight <= 0 })
            else { return nil }
            return ("no weight is above 0, so every reward is cut off to 0", "remove it")
        },
        .refuse("curriculum.commands", where: "the scene has no commands") { scene in
            guard scene.curriculum?.commands != nil, scene.commands == nil else { return nil }
            return ("there are no commands to widen", "add commands: {lin_vel_x: ...}, or remove it")
        },
        .refuse("curriculum.commands", where: "a first range is not within the whole one") { scene in
            guard let first = scene.curriculum?.commands, let whole = scene.commands else { return nil }
            for (name, range, all) in [
                ("lin_vel_x", first.linearVelocityX, whole.linearVelocityX),
                ("lin_vel_y", first.linearVelocityY, whole.linearVelocityY),
                ("ang_vel_z", first.angularVelocityZ, whole.angularVelocityZ),
            ] {
                guard let range, range.lowerBound < all.lowerBound || range.upperBound > all.upperBound else {
                    continue
                }
                return (
                    "\(name) begins at \(range.words), which is not within the whole range \(all.words)",
                    "ranges widen: begin within commands.\(name)"
                )
            }
            return nil
        },
        .refuse("curriculum.commands.lin_vel_x", where: "no first command is as fast as commands.least_speed")
        {
            scene in
            guard let first = scene.curriculum?.commands, var commands = scene.commands else { return nil }
            commands.linearVelocityX = first.linearVelocityX ?? commands.linearVelocityX
            commands.linearVelocityY = first.linearVelocityY ?? commands.linearVelocityY
            guard commands.leastSpeed > commands.greatestSpeed else { return nil }
            return (
                "no first command is as fast as commands.least_speed, \(commands.leastSpeed.digits) m/s",
                "widen it"
            )
        },
        .refuse(
            "curriculum.commands.terms", where: "a term is not rewarded, or with a weight that is not above 0"
        ) {
            scene in
            guard let terms = scene.curriculum?.commands?.terms else { return nil }
            let rewarded = scene.reward.filter { $0.weight > 0 }.map { type(of: $0.anyTerm).name }
            guard let missing = terms.first(where: { !rewarded.contains($0) }) else { return nil }
            return (
                "'\(missing)' is not rewarded with a weight above 0",
                NearestName.remedy(missing, in: rewarded)
            )
        },
        .warn("curriculum.randomise", where: "nothing is randomised") { scene in
            guard scene.curriculum?.randomisation != nil, scene.randomisation == Randomisation() else {
                return nil
            }
            return ("nothing is randomised", "add randomise, or remove it")
        },
        .refuse("curriculum.terrain", where: "the scene has no commands") { scene in
            guard scene.curriculum?.terrain != nil, scene.commands == nil else { return nil }
            return (
                "levels follow from the commanded way, and there are no commands",
                "add commands, or remove it"
            )
        },
    ]
}

extension ClosedRange<Double> {
    fileprivate var words: String { "[\(lowerBound.digits), \(upperBound.digits)]" }
}
